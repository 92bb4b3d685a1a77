/** Attention of the chosen sample in both towers with the weights of a saved step, or of now. */
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { api } from '../../app/api.ts';
import { useT } from '../../i18n/index.ts';
import { AttentionTowers } from '../../panels/AttentionTowers.tsx';
import type { AttentionView } from '../../panels/attentionRows.ts';
import { ViewPicker } from '../../panels/ViewPicker.tsx';
import { pinned } from '../../state/probeRequests.ts';
import { session } from '../../state/session.ts';
import css from './inspect.module.css';
import { useAsync } from './useAsync.ts';

interface Props {
  run: string;
  dataset: string;
  /** A saved step; the weights of now otherwise. */
  step?: number;
  now: number;
}

/** While training, the weights of now are asked again every so many steps. */
const REFRESH = 50;

export function SampleAttention({ run, dataset, step, now }: Props) {
  const t = useT();
  const { image, caption } = useStore(pinned);
  const running = useStore(session, (status) => status.state === 'running');
  const [view, setView] = useState<AttentionView>({ layer: 0, head: 'mean' });
  const moment = step ?? (running ? `now ${Math.floor(now / REFRESH)}` : `now ${now}`);
  const { value: probe, loading } = useAsync(JSON.stringify([run, image, caption, moment]), () =>
    api().engine.attention(image, caption, step === undefined ? undefined : { run, step }),
  );
  const captions = useAsync(`${dataset} ${image}`, async () => {
    const { samples } = await api().data.samples(dataset, { offset: image, limit: 1 });
    return samples.find((sample) => sample.index === image)?.captions ?? [];
  }).value;
  return (
    <section className={`card ${css.section}`} aria-busy={loading}>
      <div className="row wrap">
        <h2 className="grow">{t('inspect.attention')}</h2>
        {captions && captions.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label={t('inspect.caption')}
            style={{ maxWidth: 320 }}
            value={String(caption)}
            onChange={(event) => pinned.setState({ caption: Number(event.currentTarget.value) })}
            data={captions.map((text, i) => ({ value: String(i), label: text }))}
          />
        )}
        {probe && <ViewPicker maps={probe.maps} view={view} onView={setView} />}
      </div>
      {probe ? (
        <>
          <p className="muted small">{t('train.attention.hint')}</p>
          <AttentionTowers
            maps={probe.maps}
            image={probe.image}
            dataset={dataset}
            view={view}
            onView={setView}
            side={288}
          />
        </>
      ) : (
        <p className="muted" style={{ minHeight: 288 }} role="status">
          {loading ? t('common.loading') : ''}
        </p>
      )}
    </section>
  );
}
