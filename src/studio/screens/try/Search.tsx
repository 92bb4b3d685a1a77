/** Words find pictures, a picture finds captions and its like. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { PairScore, SearchHit, Split } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { session } from '../../state/session.ts';
import { type PickedPicture, PicturePicker } from './PicturePicker.tsx';
import css from './Try.module.css';

interface Answer {
  title: string;
  hits: SearchHit[];
  captions: PairScore[];
  milliseconds: number;
  step: number;
}

const shown = 12;

export function Search({ dataset, mode }: { dataset: string; mode: 'words' | 'picture' }) {
  const t = useT();
  const [split, setSplit] = useState<Split | 'all'>('validation');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer>();

  async function ask(title: string, query: { text: string } | PickedPicture['query']): Promise<void> {
    setBusy(true);
    const began = performance.now();
    try {
      const options = { split, limit: shown };
      const hits = await api().engine.search(query, options);
      const captions = 'text' in query ? [] : await api().engine.describe(query, { split, limit: 6 });
      setAnswer({
        title,
        hits,
        captions,
        milliseconds: performance.now() - began,
        step: session.getState().step,
      });
    } catch (error) {
      reportError(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <div className="row wrap">
        <span className="small muted">{t('try.from')}</span>
        <SegmentedControl
          aria-label={t('try.from')}
          value={split}
          onChange={(value) => setSplit(value as Split | 'all')}
          data={(['validation', 'train', 'all'] as const).map((value) => ({
            value,
            label: t(`split.${value}`),
          }))}
        />
      </div>
      {mode === 'words' ? (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim()) void ask(t('try.results', { query: text.trim() }), { text: text.trim() });
          }}
        >
          <TextInput
            className="grow"
            size="md"
            aria-label={t('try.words')}
            leftSection={<IconSearch size={16} />}
            placeholder={t('try.placeholder')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" size="md" loading={busy} disabled={!text.trim()}>
            {t('try.search')}
          </Button>
        </form>
      ) : (
        <PicturePicker
          dataset={dataset}
          split={split}
          busy={busy}
          onPick={(picked) => void ask(picked.title, picked.query)}
        />
      )}
      {!answer && mode === 'words' && (
        <Examples
          dataset={dataset}
          onPick={(example) => {
            setText(example);
            void ask(t('try.results', { query: example }), { text: example });
          }}
        />
      )}
      {answer && (
        <section className="stack" aria-live="polite">
          <div className="row wrap">
            <h2 className="grow">{answer.title}</h2>
            <span className="small muted number">
              {t('try.step', { step: answer.step })} ·{' '}
              {t('try.took', { time: Math.round(answer.milliseconds) })}
            </span>
          </div>
          {answer.captions.length > 0 && (
            <div className="stack" style={{ gap: 4 }}>
              <h2>{t('try.captions')}</h2>
              {answer.captions.map((caption) => (
                <div key={caption.text} className={css.caption}>
                  <span className={css.meter} aria-hidden>
                    <i style={{ width: `${Math.max(0, caption.score) * 100}%` }} />
                  </span>
                  <span className="small number muted">{t.number(caption.score)}</span>
                  <span>{caption.text}</span>
                </div>
              ))}
              <h2 style={{ marginTop: 12 }}>{t('try.similar')}</h2>
            </div>
          )}
          <div className={css.grid}>
            {answer.hits.map((hit, place) => (
              <figure key={hit.image} className={css.hit}>
                <Thumb dataset={dataset} index={hit.image} label={hit.captions[0]} />
                <figcaption className="small">
                  <span className="muted number">
                    {place + 1} · {t('try.score', { score: t.number(hit.score) })}
                  </span>
                  <span>{hit.captions[0]}</span>
                </figcaption>
              </figure>
            ))}
          </div>
        </section>
      )}
    </>
  );
}

/** Captions of the person's own data to begin with. */
function Examples({ dataset, onPick }: { dataset: string; onPick: (caption: string) => void }) {
  const t = useT();
  const [captions, setCaptions] = useState<string[]>([]);
  useEffect(() => {
    let current = true;
    api()
      .data.samples(dataset, { offset: 0, limit: 40, split: 'validation' })
      .then(({ samples }) => {
        const shortest = [...new Set(samples.flatMap(({ captions }) => captions.slice(0, 1)))].sort(
          (a, b) => a.length - b.length,
        );
        if (current) setCaptions(shortest.slice(0, 5));
      }, reportError);
    return () => {
      current = false;
    };
  }, [dataset]);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <p className="muted">{t('try.empty')}</p>
      <div className="row wrap">
        {captions.map((caption) => (
          <Button key={caption} variant="default" size="compact-sm" onClick={() => onPick(caption)}>
            {caption.slice(0, 60)}
          </Button>
        ))}
      </div>
    </div>
  );
}
