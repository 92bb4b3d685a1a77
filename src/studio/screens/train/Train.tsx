/** Training, live: what runs and how far it is, what went wrong if something did, and the panels. */
import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { goTo } from '../../app/navigate.ts';
import { trainCurrent } from '../../app/training.ts';
import { ContinueRun } from '../../components/ContinueRun.tsx';
import { Empty } from '../../components/Empty.tsx';
import { useT } from '../../i18n/index.ts';
import { panels } from '../../panels/index.ts';
import { PanelGrid } from '../../panels/PanelGrid.tsx';
import { Scrubber } from '../../panels/Scrubber.tsx';
import { controlsShown } from '../../state/controlsShown.ts';
import { datasets, selectedDataset } from '../../state/datasets.ts';
import { addPanel, resetLayout } from '../../state/layout.ts';
import { currentRecipe, recipeStore } from '../../state/recipe.ts';
import { session } from '../../state/session.ts';
import { FailedCard } from './FailedCard.tsx';
import { Findings } from './Findings.tsx';
import { Strip } from './Strip.tsx';
import css from './train.module.css';
import { WhatChanged } from './WhatChanged.tsx';

const ControlPanel = lazy(async () => ({ default: (await import('./ControlPanel.tsx')).ControlPanel }));

export function Train() {
  const run = useStore(session, (state) => state.run);
  const failed = useStore(session, (state) => state.error !== undefined);
  const controls = useStore(controlsShown, ({ shown }) => shown);
  const t = useT();
  if (!run)
    return (
      <div className="screen">
        <h1>{t('screen.train')}</h1>
        {failed && <FailedCard />}
        <NoRun />
      </div>
    );
  return (
    <div className={`screen ${css.screen}`}>
      <h1 className="sr-only">{t('screen.train')}</h1>
      <Strip />
      {failed && <FailedCard />}
      <Findings />
      <WhatChanged />
      <div className={css.split} data-controls={controls}>
        {controls && (
          <Suspense fallback={<aside className={`card ${css.controls}`}>{t('common.loading')}</aside>}>
            <ControlPanel key={run} />
          </Suspense>
        )}
        <div className={css.panels}>
          <Scrubber />
          <PanelGrid />
          <div className="row wrap">
            <AddPanel />
            <Button variant="subtle" onClick={resetLayout}>
              {t('train.resetLayout')}
            </Button>
          </div>
        </div>
      </div>
    </div>
  );
}

function AddPanel() {
  const t = useT();
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={15} />}>
          {t('train.addPanel')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {panels.map((panel) => (
          <Menu.Item key={panel.id} onClick={() => addPanel(panel.id, panel.columns, panel.rows)}>
            {t.pick(panel.title)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function NoRun() {
  const t = useT();
  const dataset = useStore(datasets, selectedDataset);
  const recipe = useStore(recipeStore, currentRecipe);
  const icon = <IconPlayerPlay size={36} stroke={1.4} />;
  if (!dataset)
    return (
      <div className="card">
        <Empty
          icon={icon}
          title={t('train.emptyTitle')}
          body={t('train.emptyData')}
          action={{ label: t('train.toData'), run: () => goTo('data'), primary: true }}
          second={<ContinueRun />}
        />
      </div>
    );
  if (!recipe)
    return (
      <div className="card">
        <Empty
          icon={icon}
          title={t('train.emptyTitle')}
          body={t('train.emptyModel')}
          action={{ label: t('train.toModel'), run: () => goTo('model'), primary: true }}
          second={<ContinueRun />}
        />
      </div>
    );
  return (
    <div className="card">
      <Empty
        icon={icon}
        title={t('train.emptyTitle')}
        body={t('train.emptyReady', { recipe: recipe.name, dataset: dataset.name })}
        action={{ label: t('train.go'), run: trainCurrent, primary: true }}
        second={<ContinueRun />}
      />
    </div>
  );
}
