/** Everything that may change during a run, folded by kind: beside a run that goes on, and in a stage that is planned. */
import type { ReactNode } from 'react';
import { useT } from '../i18n/index.ts';
import { AverageControl } from './AverageControl.tsx';
import { BalanceControl } from './BalanceControl.tsx';
import { type Controlled, errorAt } from './controlled.ts';
import { DropControl } from './DropControl.tsx';
import { Fold } from './Fold.tsx';
import { LayerDecay } from './LayerDecay.tsx';
import { PartsTable } from './PartsTable.tsx';
import { Presets } from './Presets.tsx';
import { RateControl } from './RateControl.tsx';
import { SamplingControl } from './SamplingControl.tsx';
import { ScheduleControl } from './ScheduleControl.tsx';
import { settingsSay } from './settingsSay.ts';
import { WeightsControl } from './WeightsControl.tsx';

/** @param rateNow the rate of the last step, where one runs @param open the first part is unfolded */
export function Settings({
  rateNow,
  open,
  ...controlled
}: Controlled & { rateNow?: ReactNode; open?: boolean }) {
  const t = useT();
  const says = settingsSay(t, controlled);
  const wrong = (path: string) => errorAt(controlled, path) !== undefined;
  const weighed = controlled.recipe.objectives.length > 1;
  return (
    <>
      <Presets {...controlled} />
      <div>
        <Fold title={t('control.rate')} says={says.rate} open={open} wrong={wrong('training.optimizer')}>
          <RateControl {...controlled} now={rateNow} />
        </Fold>
        <Fold title={t('control.schedule')} says={says.schedule} wrong={wrong('training.schedule')}>
          <ScheduleControl {...controlled} note={t('control.schedule.live')} />
        </Fold>
        <Fold title={t('control.parts')} says={says.parts} wrong={wrong('training.groups')}>
          <PartsTable {...controlled} />
          <LayerDecay {...controlled} />
        </Fold>
        <Fold title={t('control.drop')} says={says.drop} wrong={wrong('training.drop')}>
          <DropControl {...controlled} />
        </Fold>
        <Fold title={t('control.balance')} says={says.balance} wrong={wrong('training.balance')}>
          <BalanceControl {...controlled} />
        </Fold>
        <Fold title={t('sampling.title')} says={says.sampling} wrong={wrong('training.sampling')}>
          <SamplingControl {...controlled} />
        </Fold>
        <Fold title={t('control.average.short')} says={says.average} wrong={wrong('training.average')}>
          <AverageControl {...controlled} />
        </Fold>
        {weighed && (
          <Fold title={t('control.weights')} says={says.weights} wrong={wrong('objectives')}>
            <WeightsControl {...controlled} />
          </Fold>
        )}
      </div>
    </>
  );
}
