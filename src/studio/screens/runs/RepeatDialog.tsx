/** The same recipe again with other seeds: how many, and how long that takes. They are queued as a sweep over the seed whose trials stay as runs. */

import { Button, Modal, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { trainedOn } from '../../../core/edits.ts';
import { repetitionKey } from '../../../core/seedGroups.ts';
import type { RunSummary } from '../../../workers/api.ts';
import { goTo } from '../../app/navigate.ts';
import { useT } from '../../i18n/index.ts';
import '../../i18n/texts/compare.ts';
import { comparing } from '../../state/comparing.ts';
import { datasets } from '../../state/datasets.ts';
import { runs } from '../../state/runs.ts';
import { startSweep } from '../../state/sweeping.ts';
import { useTrialsBusy } from '../../state/trialsBusy.ts';

export function RepeatDialog({ run, close }: { run: RunSummary; close: () => void }) {
  const t = useT();
  const [count, setCount] = useState(3);
  const { list } = useStore(runs);
  const sets = useStore(datasets, (state) => state.list);
  const busy = useTrialsBusy();
  const dataset = sets.find((set) => set.id === run.dataset || trainedOn(run, set));
  const ms = run.last['stepMs'];
  const go = () => {
    const key = repetitionKey(run);
    const taken = new Set(list.filter((one) => repetitionKey(one) === key).map(({ recipe }) => recipe.seed));
    const seeds: number[] = [];
    for (let seed = 0; seeds.length < count; seed++) if (!taken.has(seed)) seeds.push(seed);
    comparing.setState({ part: 'sweep' });
    goTo('compare');
    void startSweep(
      {
        recipe: run.recipe,
        axes: [{ path: 'seed', values: seeds }],
        kind: 'grid',
        trials: 1,
        seed: 0,
        seeds: 1,
        match: false,
        keep: true,
      },
      dataset!.id,
    );
    close();
  };
  return (
    <Modal opened onClose={close} title={t('runs.repeat.title', { name: run.name })} size="md">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <p className="muted small">{t('runs.repeat.lead')}</p>
        <NumberInput
          label={t('runs.repeat.count')}
          value={count}
          min={1}
          max={50}
          allowDecimal={false}
          clampBehavior="strict"
          onChange={(value) => typeof value === 'number' && value >= 1 && setCount(value)}
        />
        <p className="small number" role="status">
          {dataset
            ? ms > 0
              ? t('compare.time', { time: t.duration((count * run.recipe.training.steps * ms) / 1000) })
              : t('compare.timeLater')
            : t('runs.repeat.noData')}
        </p>
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" disabled={!dataset || busy}>
            {t('runs.repeat.go', { count })}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
