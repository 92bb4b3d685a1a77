/** How good a model is: what is to be measured, how far it is, the results as cards, and earlier ones. */
import { IconGauge } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { goTo } from '../../app/navigate.ts';
import { reportError } from '../../app/report.tsx';
import { Empty } from '../../components/Empty.tsx';
import { useT } from '../../i18n/index.ts';
import '../../i18n/texts/evaluate.ts';
import { evaluating, refreshEvaluations } from '../../state/evaluating.ts';
import { refreshRuns, runs, visibleRuns } from '../../state/runs.ts';
import { session } from '../../state/session.ts';
import { Kept } from './Kept.tsx';
import { Plan } from './Plan.tsx';
import { Results } from './Results.tsx';

export function Evaluate() {
  const t = useT();
  const state = useStore(runs);
  const list = visibleRuns(state).filter(({ checkpoints }) => checkpoints.length > 0);
  const { shown, loaded, list: kept } = useStore(evaluating);
  useEffect(() => {
    refreshEvaluations().catch(reportError);
    refreshRuns().catch(reportError);
    // A run that was paused or has ended keeps a step more.
    return session.subscribe((now, before) => {
      if (now.state !== before.state) refreshRuns().catch(reportError);
    });
  }, []);
  const nothing = state.loaded && loaded && list.length === 0 && kept.length === 0;
  return (
    <div className="screen">
      <header>
        <h1>{t('screen.evaluate')}</h1>
        <p className="muted">{t('evaluate.lead')}</p>
      </header>
      {nothing ? (
        <div className="card">
          <Empty
            icon={<IconGauge size={36} stroke={1.4} />}
            title={t('evaluate.emptyTitle')}
            body={t('evaluate.empty')}
            action={{ label: t('evaluate.toTrain'), run: () => goTo('train'), primary: true }}
          />
        </div>
      ) : (
        list.length > 0 && <Plan runs={list} />
      )}
      {shown && <Results key={`${shown.id} ${shown.createdAt}`} evaluation={shown} />}
      {kept.length > 0 && <Kept list={kept} shown={shown?.id} />}
    </div>
  );
}
