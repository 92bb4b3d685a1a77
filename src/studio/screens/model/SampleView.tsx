/** One view of a sample: its picture, its sound as a spectrogram, and its caption with what was changed. */
import { useEffect, useRef } from 'react';
import type { SampleViews, Seen } from '../../../workers/api.ts';
import { Spectrogram } from '../../components/Spectrogram.tsx';
import { useT } from '../../i18n/index.ts';
import { fill } from '../../i18n/texts.ts';
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
          className={css.sound}
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
