/** After a reload nothing is open: offers the run that was trained last, at its newest checkpoint. */
import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { openRun } from '../app/training.ts';
import { useT } from '../i18n/index.ts';
import { runs, visibleRuns } from '../state/runs.ts';

export function ContinueRun() {
  const t = useT();
  const newest = visibleRuns(useStore(runs)).reduce<ReturnType<typeof visibleRuns>[number] | undefined>(
    (best, run) => (best && best.updatedAt >= run.updatedAt ? best : run),
    undefined,
  );
  if (!newest) return null;
  return (
    <Button variant="default" onClick={() => void openRun(newest.id)}>
      {t('runs.continue', { name: newest.name, step: newest.step })}
    </Button>
  );
}
