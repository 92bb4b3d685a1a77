/** Attention of the chosen sample in every encoder that attends. */
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useT } from '../../i18n/index.ts';
import { AttentionTowers } from '../../panels/AttentionTowers.tsx';
import type { AttentionView } from '../../panels/attentionRows.ts';
import { ViewPicker } from '../../panels/ViewPicker.tsx';
import css from './inspect.module.css';
import { useAsync } from './useAsync.ts';

interface Props {
  subject: string;
  dataset: string;
  sample: number;
  caption: number;
  at?: { run: string; step: number };
}

export function SampleAttention({ subject, dataset, sample, caption, at }: Props) {
  const t = useT();
  const [view, setView] = useState<AttentionView>({ layer: 0, head: 'mean' });
  const { value, loading } = useAsync(subject, () => api().engine.attention({ image: sample, caption }, at));
  const maps = value?.result;
  if (maps?.length === 0) return null;
  return (
    <section className={`card ${css.section}`} aria-busy={loading}>
      <div className="row wrap">
        <h2 className="grow">{t('inspect.attention')}</h2>
        {maps && <ViewPicker maps={maps} view={view} onView={setView} />}
      </div>
      {maps ? (
        <>
          <p className="muted small">{t('train.attention.hint')}</p>
          <AttentionTowers
            maps={maps}
            image={sample}
            dataset={dataset}
            view={view}
            onView={setView}
            side={288}
          />
        </>
      ) : (
        <p className="muted" style={{ minHeight: 120 }} role="status">
          {loading ? t('common.loading') : ''}
        </p>
      )}
    </section>
  );
}
