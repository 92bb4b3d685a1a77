/** One view of a sample: its picture, its sound as a spectrogram, and its caption with what was changed. */
import { useEffect, useRef } from 'react';
import type { SampleViews, Seen } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import { fill } from '../../i18n/texts.ts';
import { useTokens } from '../../theme/useTokens.ts';
import css from './Augmentation.module.css';
import { augmentTexts as texts } from './augmentTexts.ts';

type Part = Seen['words'][number];

interface Props {
  seen: Seen;
  of: SampleViews;
  title: string;
}

export function View({ seen, of, title }: Props) {
  const t = useT();
  const { pixels, sound, words, mirrored } = seen;
  return (
    <figure className={css.view}>
      {pixels && <Picture pixels={pixels} size={of.size} label={title} />}
      {sound && (
        <Spectrogram
          values={sound}
          bins={of.bins}
          beside={of.original.sound ?? sound}
          label={`${title}: ${t.pick(texts.sound)}`}
        />
      )}
      <figcaption>
        <span className="small muted">
          {title}
          {mirrored && ` · ${t.pick(texts.mirrored)}`}
        </span>
        {words.length > 0 && (
          <p>
            {words.map(({ text, was, how }, index) => {
              const place = `${index} ${text}`;
              if (!how) return <span key={place}>{text}</span>;
              const said = `${t.pick(texts[how])}${text && was ? `, ${fill(t.pick(texts.was), { was }, t.locale)}` : ''}`;
              return <Mark key={place} how={how} text={text || (was ?? '')} title={said} />;
            })}
          </p>
        )}
      </figcaption>
    </figure>
  );
}

/** A word that was changed, told by its line as well as by its colour. */
export function Mark({ how, text, title }: { how: Part['how']; text: string; title?: string }) {
  if (how === 'dropout') return <del title={title}>{text}</del>;
  return (
    <mark data-how={how} title={title}>
      {text}
    </mark>
  );
}

function Picture({ pixels, size, label }: { pixels: Uint8Array; size: number; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(size, size);
    for (let i = 0; i < size * size; i++) {
      image.data.set(pixels.subarray(i * 3, i * 3 + 3), i * 4);
      image.data[i * 4 + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [pixels, size]);
  return (
    <canvas ref={canvas} width={size} height={size} role="img" aria-label={label} className={css.picture} />
  );
}

/** Time to the right, high bins on top; darker is more. Frames that do not count stay empty. */
function Spectrogram({
  values,
  bins,
  beside,
  label,
}: {
  values: Float32Array;
  bins: number;
  /** The sound whose range is that of the scale. */
  beside: Float32Array;
  label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { audio } = useTokens();
  const frames = values.length / bins;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const known = beside.filter((value) => !Number.isNaN(value));
    const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const range = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) - least || 1;
    context.clearRect(0, 0, frames, bins);
    context.fillStyle = audio;
    for (const [i, value] of values.entries()) {
      if (Number.isNaN(value)) continue;
      context.globalAlpha = 0.08 + 0.92 * Math.min(1, Math.max(0, (value - least) / range));
      context.fillRect(Math.floor(i / bins), bins - 1 - (i % bins), 1, 1);
    }
  }, [values, bins, beside, frames, audio]);
  return (
    <canvas ref={canvas} width={frames} height={bins} role="img" aria-label={label} className={css.sound} />
  );
}
