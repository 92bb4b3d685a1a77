/** The sweep under way: at which point it is. */
import { useStore } from 'zustand';
import { useT } from '../../../i18n/index.ts';
import { recipeStore } from '../../../state/recipe.ts';
import { cancelSweep, sweeping } from '../../../state/sweeping.ts';
import { shareDone } from '../../../state/trialClock.ts';
import { Underway } from '../Underway.tsx';
import { pointTextOf } from './pointText.ts';
import { useSettings } from './settingName.ts';

export function Running() {
  const t = useT();
  const { progress, secondsLeft, list, shown } = useStore(sweeping);
  const catalog = useStore(recipeStore, (state) => state.catalog);
  const plan = list.find(({ id }) => id === shown)?.plan;
  const settings = useSettings(plan?.recipe, catalog);
  return (
    <Underway
      label={t('sweep.progress')}
      says={
        progress &&
        t('sweep.running', {
          done: progress.done + 1,
          total: progress.total,
          point: pointTextOf(t, settings, progress.point),
          seed: progress.seed,
          step: progress.step,
          steps: progress.steps,
        })
      }
      share={progress && shareDone(progress)}
      secondsLeft={secondsLeft}
      cancel={cancelSweep}
    />
  );
}
