/** One input for each modality that the model reads; each can be left out. */

import { ActionIcon, Button, FileButton, NumberInput, Textarea } from '@mantine/core';
import { IconMicrophone, IconPlayerPlay, IconPlayerStop, IconX } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import { type Clip, clipOf } from '../../../core/clip.ts';
import { reportError } from '../../app/report.tsx';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { type Picture, play, record, squareOf } from './files.ts';
import css from './Try.module.css';

interface Frame {
  modality: string;
  given: boolean;
  onClear: () => void;
  /** Takes a dropped file. */
  onFile?: (file: File) => void;
  children: ReactNode;
}

/** A box with a name, a way to leave its modality out, and room to drop a file. */
function Box({ modality, given, onClear, onFile, children }: Frame) {
  const t = useT();
  const name = modalityName(t, modality);
  return (
    <section
      className={css.input}
      data-given={given}
      aria-label={name}
      onDragOver={onFile && ((event) => event.preventDefault())}
      onDrop={
        onFile &&
        ((event) => {
          event.preventDefault();
          event.stopPropagation();
          const [file] = event.dataTransfer.files;
          if (file) onFile(file);
        })
      }
    >
      <div className="row">
        <h3 className="grow">{name}</h3>
        {given ? (
          <ActionIcon
            size={26}
            aria-label={t('try.leave', { modality: name })}
            title={t('try.leave', { modality: name })}
            onClick={onClear}
          >
            <IconX size={15} />
          </ActionIcon>
        ) : (
          <span className="muted small">{t('try.left')}</span>
        )}
      </div>
      {children}
    </section>
  );
}

interface Input<T> {
  value: T | undefined;
  onChange: (value: T | undefined) => void;
}

export function PictureInput({ value, onChange, children }: Input<Picture> & { children?: ReactNode }) {
  const t = useT();
  const take = (file: File | null) => {
    if (file) squareOf(file).then(onChange, reportError);
  };
  return (
    <Box modality="image" given={value !== undefined} onClear={() => onChange(undefined)} onFile={take}>
      {children}
      <FileButton accept="image/*" onChange={take}>
        {(props) => (
          <Button {...props} variant="default" size="xs">
            {t('try.choose')}
          </Button>
        )}
      </FileButton>
    </Box>
  );
}

export function TextInput({ value, onChange, question }: Input<string> & { question: boolean }) {
  const t = useT();
  return (
    <Box modality="text" given={Boolean(value?.trim())} onClear={() => onChange(undefined)}>
      <Textarea
        autosize
        minRows={2}
        aria-label={t(question ? 'try.question' : 'try.text')}
        placeholder={t(question ? 'try.questionPlaceholder' : 'try.textPlaceholder')}
        value={value ?? ''}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Box>
  );
}

export function SoundInput({ value, onChange }: Input<Clip>) {
  const t = useT();
  const [recording, setRecording] = useState(false);
  const stop = useRef<() => void>(undefined);
  const take = (file: File | null) => {
    if (file) clipOf(file.name, file).then(onChange, reportError);
  };
  const listen = async () => {
    try {
      const made = await record();
      stop.current = made.stop;
      setRecording(true);
      onChange(await made.clip);
    } catch (error) {
      reportError(error);
    } finally {
      setRecording(false);
    }
  };
  return (
    <Box modality="audio" given={value !== undefined} onClear={() => onChange(undefined)} onFile={take}>
      {value && <Wave clip={value} />}
      <div className="row wrap">
        {value && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlayerPlay size={14} />}
            onClick={() => void play(value)}
          >
            {t('try.play')}
          </Button>
        )}
        {recording ? (
          <Button size="xs" leftSection={<IconPlayerStop size={14} />} onClick={() => stop.current?.()}>
            {t('try.stop')}
          </Button>
        ) : (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconMicrophone size={14} />}
            onClick={() => void listen()}
          >
            {t('try.record')}
          </Button>
        )}
        <FileButton accept="audio/*" onChange={take}>
          {(props) => (
            <Button {...props} variant="default" size="xs">
              {t('try.chooseSound')}
            </Button>
          )}
        </FileButton>
      </div>
    </Box>
  );
}

/** The sound's loudness over time. */
function Wave({ clip: { rate, samples } }: { clip: Clip }) {
  const t = useT();
  const columns = 120;
  const each = Math.max(1, Math.floor(samples.length / columns));
  const heights = Array.from({ length: columns }, (_, column) => {
    let most = 0;
    for (let i = column * each; i < Math.min(samples.length, (column + 1) * each); i++)
      most = Math.max(most, Math.abs(samples[i]));
    return most / 32768;
  });
  const path = heights.map((height, x) => `M${x},${20 - 19 * height}V${20 + 19 * height}`).join('');
  return (
    <svg
      viewBox={`0 0 ${columns} 40`}
      preserveAspectRatio="none"
      className={css.wave}
      role="img"
      aria-label={t('try.sound', { seconds: (samples.length / rate).toFixed(2) })}
    >
      <title>{t('try.sound', { seconds: (samples.length / rate).toFixed(2) })}</title>
      <path d={path} />
    </svg>
  );
}

export function TableInput({
  value,
  onChange,
  columns,
}: Input<(number | null)[]> & { columns: readonly string[] }) {
  const t = useT();
  const cells = value ?? columns.map(() => null);
  return (
    <Box modality="table" given={cells.some((cell) => cell !== null)} onClear={() => onChange(undefined)}>
      <div className={css.cells}>
        {columns.map((column, index) => (
          <NumberInput
            key={column}
            size="xs"
            label={column}
            placeholder={t('try.missing')}
            hideControls
            value={cells[index] ?? ''}
            onChange={(cell) =>
              onChange(
                cells.map((old, place) => (place === index ? (typeof cell === 'number' ? cell : null) : old)),
              )
            }
          />
        ))}
      </div>
    </Box>
  );
}
