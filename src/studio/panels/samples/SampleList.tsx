/** A card for each sample with what the model says of it. Choosing one pins it for all panels. */
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { SampleAnswer, SampleWord, ShownSample, ShownSamples } from '../../../workers/api.ts';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { pinned } from '../../state/pinned.ts';
import type { LookProps } from '../lookPanel.tsx';
import css from './samples.module.css';

export function SampleList({ result, dataset }: LookProps<ShownSamples>) {
  return (
    <ul className={css.list}>
      {result.samples.map((one) => (
        <Card key={`${one.sample} ${one.caption}`} shown={one} size={result.size} dataset={dataset} />
      ))}
    </ul>
  );
}

function Card({ shown, size, dataset }: { shown: ShownSample; size: number; dataset: string }) {
  const t = useT();
  const { sample, caption, file, text, pictures, words, written, answers } = shown;
  const isPinned = useStore(pinned, (state) => state.image === sample && state.caption === caption);
  const name = t('embedding.sample', { index: sample });
  return (
    <li className={css.card} data-pinned={isPinned}>
      {pictures ? (
        <div className={css.pictures}>
          <Picture pixels={pictures.original} size={size} label={t('samples.original')} />
          <Picture pixels={pictures.masked} size={size} label={t('samples.masked')} />
          <Picture pixels={pictures.drawn} size={size} label={t('samples.drawn')} />
        </div>
      ) : (
        size > 0 && <Thumb dataset={dataset} index={sample} size={96} width={96} label={name} />
      )}
      <div className={css.said}>
        <button
          type="button"
          className={css.pin}
          aria-pressed={isPinned}
          title={t('embedding.pin')}
          onClick={() => pinned.setState({ image: sample, caption })}
        >
          {name}
        </button>
        {words ? <Words words={words} /> : <p>{text ?? <span className="muted">{file}</span>}</p>}
        {written !== undefined && (
          <p>
            <span className="muted">{t('samples.written')}</span> <b>{written || '–'}</b>
          </p>
        )}
        {answers.map((answer) => (
          <Answer key={answer.term} answer={answer} several={answers.length > 1} />
        ))}
      </div>
    </li>
  );
}

function Answer({ answer, several }: { answer: SampleAnswer; several: boolean }) {
  const t = useT();
  const { term, said, share, truth, right } = answer;
  return (
    <p className={css.answer} data-right={right}>
      {several && <span className="muted">{term} </span>}
      {right !== undefined && (
        <span className={css.mark} role="img" aria-label={t(right ? 'samples.right' : 'samples.wrong')}>
          {right ? '✓' : '✗'}
        </span>
      )}
      <b>{said}</b> {share !== undefined && <span className="number muted">{t.percent(share)}</span>}
      {truth !== undefined && right !== true && (
        <span className="muted"> {t('samples.truth', { truth })}</span>
      )}
    </p>
  );
}

/** Hidden tokens with the guess above what was there; right ones carry a tick. */
function Words({ words }: { words: readonly SampleWord[] }) {
  const t = useT();
  return (
    <p className={css.words}>
      {words.map(({ text, guess }, place) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: words have places, not names
        if (!guess) return <span key={place}>{text}</span>;
        const right = guess.text === text;
        const said = t('samples.guess', {
          word: text,
          guess: guess.text,
          share: t.percent(guess.share),
          truth: t.percent(guess.truth),
        });
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: words have places, not names
          <span key={place} className={css.hidden} data-right={right} title={said}>
            <span className="sr-only">{said}</span>
            <b aria-hidden>
              {right ? '✓' : '✗'} {guess.text} <small className="number">{t.percent(guess.share)}</small>
            </b>
            {!right && <small aria-hidden>{text}</small>}
          </span>
        );
      })}
    </p>
  );
}

function Picture({ pixels, size, label }: { pixels: Uint8Array; size: number; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(size, size);
    for (let i = 0; i < size * size; i++) {
      image.data.set(pixels.subarray(3 * i, 3 * i + 3), 4 * i);
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [pixels, size]);
  return (
    <figure className={css.picture}>
      <canvas ref={canvas} width={size} height={size} role="img" aria-label={label} />
      <figcaption>{label}</figcaption>
    </figure>
  );
}
