/** The first screen: one sentence, three ways in, the shipped recipes, recent runs, and what this machine can do. */
import { Button, FileButton } from '@mantine/core';
import { IconFolderOpen, IconPackageImport, IconShape } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { useStore } from 'zustand';
import { goTo } from '../../app/navigate.ts';
import { openRun } from '../../app/training.ts';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { useT } from '../../i18n/index.ts';
import { capabilities } from '../../state/capabilities.ts';
import { importModelFile } from '../../state/models.ts';
import { recipeStore, shapesRecipe } from '../../state/recipe.ts';
import { runs, visibleRuns } from '../../state/runs.ts';
import { cancelSampleSet, sampleSet, trainSampleSet } from '../../state/sampleSet.ts';
import css from './Start.module.css';

const Gallery = lazy(async () => ({ default: (await import('./Gallery.tsx')).Gallery }));

export function Start() {
  const t = useT();
  const { busy, what, progress } = useStore(sampleSet);
  const catalog = useStore(recipeStore, (state) => state.catalog);
  return (
    <div className="screen">
      <header className={css.lead}>
        <h1>{t('start.title')}</h1>
        <p className="muted">{t('start.lead')}</p>
      </header>
      <div className={css.cards}>
        <Card
          icon={<IconShape size={26} stroke={1.5} />}
          title={t('start.sample.title')}
          body={t('start.sample.body')}
        >
          {busy && what === (catalog && shapesRecipe(catalog).id) ? (
            <ProgressLine progress={progress} cancel={cancelSampleSet} />
          ) : (
            <Button onClick={() => void trainSampleSet()} disabled={!catalog || busy}>
              {t('start.sample.button')}
            </Button>
          )}
        </Card>
        <Card
          icon={<IconFolderOpen size={26} stroke={1.5} />}
          title={t('start.own.title')}
          body={t('start.own.body')}
        >
          <Button variant="default" onClick={() => goTo('data')}>
            {t('start.own.button')}
          </Button>
        </Card>
        <Card
          icon={<IconPackageImport size={26} stroke={1.5} />}
          title={t('start.model.title')}
          body={t('start.model.body')}
        >
          <FileButton accept=".zip,application/zip" onChange={(file) => file && void importModelFile(file)}>
            {(props) => (
              <Button variant="default" {...props}>
                {t('start.model.button')}
              </Button>
            )}
          </FileButton>
        </Card>
      </div>
      {catalog && (
        <Suspense>
          <Gallery catalog={catalog} />
        </Suspense>
      )}
      <div className={css.below}>
        <Recent />
        <Machine />
      </div>
    </div>
  );
}

function Card(props: { icon: ReactNode; title: string; body: string; children: ReactNode }) {
  return (
    <section className={`card ${css.card}`}>
      <span aria-hidden>{props.icon}</span>
      <h2>{props.title}</h2>
      <p className="muted grow">{props.body}</p>
      <div>{props.children}</div>
    </section>
  );
}

function Recent() {
  const t = useT();
  const list = visibleRuns(useStore(runs)).slice(0, 5);
  return (
    <section className="stack">
      <h2>{t('start.recent')}</h2>
      {list.length === 0 && <p className="muted">{t('start.recent.none')}</p>}
      {list.map((run) => (
        <div key={run.id} className={`card row ${css.run}`}>
          <span className="grow ellipsis">
            <strong>{run.name}</strong> <span className="muted small">{t.date(run.updatedAt)}</span>
          </span>
          <span className="muted small number">{t(`state.${run.state}`)}</span>
          <span className="small number">
            R@1 {run.last['val.r1'] === undefined ? '–' : t.percent(run.last['val.r1'])}
          </span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              // At once: a person who has moved on meanwhile must not be taken back.
              goTo('train');
              void openRun(run.id);
            }}
          >
            {t('start.recent.open')}
          </Button>
        </div>
      ))}
    </section>
  );
}

function Machine() {
  const t = useT();
  const { list, loaded } = useStore(capabilities);
  return (
    <section className="stack">
      <h2>{t('start.device')}</h2>
      {!loaded && <p className="muted">{t('device.unknown')}</p>}
      {list.map((item) => (
        <div key={item.name} className={css.device}>
          <span className="grow">{t(`executor.${item.name}`)}</span>
          <span className={item.available ? 'small' : 'small muted'}>
            {item.available
              ? `${item.adapter ?? ''} · ${t(item.software ? 'start.device.software' : 'start.device.available')}`
              : t('settings.unavailable', { reason: item.reason ?? '–' })}
          </span>
        </div>
      ))}
    </section>
  );
}
