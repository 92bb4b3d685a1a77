/** A sound of a data set: its outline on a canvas, its length, and a button that plays it; one sound plays at a time. */
import { ActionIcon } from '@mantine/core';
import { IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { useT } from '../i18n/index.ts';
import { useTokens } from '../theme/useTokens.ts';
import css from './components.module.css';

type Clip = NonNullable<Awaited<ReturnType<ReturnType<typeof api>['data']['sound']>>>;

const columns = 120;
let context: AudioContext | undefined;
let playing: { stop: () => void } | undefined;

/** The largest value in each of `columns` equal stretches, 0 … 1. */
export function outline({ samples }: Pick<Clip, 'samples'>): number[] {
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * samples.length) / columns);
    const to = Math.floor(((column + 1) * samples.length) / columns);
    let most = 0;
    for (let i = from; i < to; i++) most = Math.max(most, Math.abs(samples[i]));
    return most;
  });
}

function paint(canvas: HTMLCanvasElement, clip: Clip, color: string): void {
  const heights = outline(clip);
  const loudest = Math.max(...heights, 1e-3);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = color;
  for (const [column, height] of heights.entries()) {
    const tall = Math.max(2, (height / loudest) * canvas.height);
    context.fillRect(column * 2, (canvas.height - tall) / 2, 1.4, tall);
  }
}

interface Props {
  dataset: string;
  index: number;
  seconds: number;
  /** What the buttons call it. */
  name: string;
}

export function SoundThumb({ dataset, index, seconds, name }: Props) {
  const t = useT();
  const { audio } = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [clip, setClip] = useState<Clip>();
  const [on, setOn] = useState(false);
  useEffect(() => {
    let current = true;
    api()
      .data.sound(dataset, index)
      .then((found) => current && setClip(found), reportError);
    return () => {
      current = false;
    };
  }, [dataset, index]);
  useEffect(() => {
    if (clip && canvas.current) paint(canvas.current, clip, audio);
  }, [clip, audio]);
  const play = () => {
    playing?.stop();
    if (!clip || on) return;
    context ??= new AudioContext();
    const buffer = context.createBuffer(1, clip.samples.length, clip.rate);
    buffer.copyToChannel(Float32Array.from(clip.samples), 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    const mine = { stop: () => source.stop() };
    source.onended = () => {
      setOn(false);
      if (playing === mine) playing = undefined;
    };
    playing = mine;
    setOn(true);
    context.resume().then(() => source.start(), reportError);
  };
  return (
    <div className={css.sound}>
      <ActionIcon
        size={26}
        variant="default"
        disabled={!clip}
        aria-label={t(on ? 'data.sound.stop' : 'data.sound.play', { file: name })}
        onClick={play}
      >
        {on ? <IconPlayerStopFilled size={13} /> : <IconPlayerPlayFilled size={13} />}
      </ActionIcon>
      <canvas ref={canvas} width={columns * 2} height={52} aria-hidden />
      <span className="small muted number">{t('data.seconds', { seconds: t.number(seconds) })}</span>
    </div>
  );
}
