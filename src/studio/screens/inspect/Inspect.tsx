/** One sample through the model, at any saved step; the worst pairs, and what is measured over the whole split. */
import { NativeSelect } from '@mantine/core';
import { IconZoomScan } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { goTo } from '../../app/navigate.ts';
import { ContinueRun } from '../../components/ContinueRun.tsx';
import { Empty } from '../../components/Empty.tsx';
import { useT } from '../../i18n/index.ts';
import { contrasts } from '../../panels/fits.ts';
import { pinned } from '../../state/pinned.ts';
import { runs } from '../../state/runs.ts';
import { hasModel, session } from '../../state/session.ts';
import { viewing, viewStep } from '../../state/viewing.ts';
import { savedSteps } from '../../state/views.ts';
import { Chosen } from './Chosen.tsx';
import css from './inspect.module.css';
import { Nearest } from './Nearest.tsx';
import { Retrieval } from './Retrieval.tsx';
import { Samples } from './Samples.tsx';
import { WorstPairs } from './WorstPairs.tsx';

export function Inspect() {
  const t = useT();
  const { run, dataset } = useStore(session);
  const ready = useStore(session, hasModel);
  if (!ready || !run || !dataset)
    return (
      <div className="screen">
        <h1>{t('screen.inspect')}</h1>
        <div className="card">
          <Empty
            icon={<IconZoomScan size={36} stroke={1.4} />}
            title={t('inspect.emptyTitle')}
            body={t('inspect.empty')}
            action={{ label: t('inspect.toTrain'), run: () => goTo('train'), primary: true }}
            second={<ContinueRun />}
          />
        </div>
      </div>
    );
  return <Loaded key={run} run={run} dataset={dataset} />;
}

function Loaded({ run, dataset }: { run: string; dataset: string }) {
  const t = useT();
  const step = useStore(session, (status) => status.step);
  const summary = useStore(runs, (state) => state.list.find((item) => item.id === run));
  const image = useStore(pinned, (state) => state.image);
  const recipe = summary?.recipe;
  const at = useStore(viewing, (state) => state.step);
  const steps = savedSteps(summary).reverse();
  return (
    <div className="screen">
      <header className={css.head}>
        <div className="grow">
          <h1>{t('screen.inspect')}</h1>
          <p className="muted">{t('inspect.lead')}</p>
        </div>
        <NativeSelect
          label={t('inspect.checkpoint')}
          value={at ?? 'now'}
          onChange={({ currentTarget: { value } }) => viewStep(value === 'now' ? undefined : Number(value))}
          data={[
            { value: 'now', label: t('inspect.now', { step }) },
            ...steps.map((one) => ({ value: String(one), label: t('inspect.step', { step: one }) })),
          ]}
        />
      </header>
      <Samples dataset={dataset} />
      {recipe && <Chosen key={image} recipe={recipe} run={run} dataset={dataset} step={at} now={step} />}
      <Nearest dataset={dataset} />
      <div className={css.two}>
        {recipe && contrasts(recipe) && <WorstPairs dataset={dataset} />}
        <Retrieval step={at} />
      </div>
    </div>
  );
}
