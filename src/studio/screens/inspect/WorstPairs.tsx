/** The pairs that the model thinks belong together least, by CLIP score; a press inspects one. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { api } from '../../app/api.ts';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { pinned } from '../../state/pinned.ts';
import css from './inspect.module.css';
import { useAsync } from './useAsync.ts';

const LIMIT = 24;

export function WorstPairs({ dataset }: { dataset: string }) {
  const t = useT();
  const chosen = useStore(pinned);
  const [asked, setAsked] = useState(0);
  const { value: pairs, loading } = useAsync(asked > 0 ? String(asked) : undefined, () =>
    api().engine.pairScores({ split: 'validation', limit: LIMIT }),
  );
  return (
    <section className={`card ${css.section}`}>
      <div className="row">
        <h2 className="grow">{t('inspect.worst')}</h2>
        <Button variant="default" size="xs" loading={loading} onClick={() => setAsked(asked + 1)}>
          {t('inspect.measure')}
        </Button>
      </div>
      <p className="muted small">{t('inspect.worstLead')}</p>
      <ol className={css.pairs}>
        {pairs?.map(({ image, caption, text, score, rank }) => (
          <li key={`${image} ${caption}`}>
            <button
              type="button"
              className={css.pair}
              aria-pressed={chosen.image === image && chosen.caption === caption}
              onClick={() => pinned.setState({ image, caption })}
            >
              <Thumb
                dataset={dataset}
                index={image}
                size={64}
                width={44}
                label={t('train.picture', { index: image })}
              />
              <span className="grow">{text}</span>
              <span className="muted">{t('inspect.rank', { rank })}</span>
              <b className="number">{t.number(score)}</b>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
