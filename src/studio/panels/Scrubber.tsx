/** The moment that all panels show: a slider over the saved steps whose end is now, and a run to show beside. The keys [ and ] move it. */
import { ActionIcon, Button, NativeSelect, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useT } from '../i18n/index.ts';
import { register } from '../state/commands.ts';
import { runs, visibleRuns } from '../state/runs.ts';
import { session } from '../state/session.ts';
import { viewBeside, viewing, viewStep } from '../state/viewing.ts';
import { savedSteps } from '../state/views.ts';
import css from './panels.module.css';

const stepsOfOpen = () => savedSteps(runs.getState().list.find(({ id }) => id === session.getState().run));

/** To the next saved step in a direction; beyond the last one lies now. */
function move(by: 1 | -1): void {
  const steps = stepsOfOpen();
  const { step } = viewing.getState();
  const here = step === undefined ? steps.length : steps.indexOf(step);
  const to = here + by;
  if (to >= 0) viewStep(steps[to]);
}

export function Scrubber() {
  const t = useT();
  const run = useStore(session, (state) => state.run);
  const now = useStore(session, (state) => state.step);
  const { step, beside } = useStore(viewing);
  const state = useStore(runs);
  const steps = savedSteps(state.list.find(({ id }) => id === run));
  const others = visibleRuns(state).filter(({ id, checkpoints }) => id !== run && checkpoints.length > 0);
  useEffect(() => {
    const ends = [
      register({
        id: 'view.earlier',
        label: 'train.look.earlier',
        group: 'view',
        shortcut: '[',
        run: () => move(-1),
      }),
      register({
        id: 'view.later',
        label: 'train.look.later',
        group: 'view',
        shortcut: ']',
        run: () => move(1),
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  if (steps.length === 0) return null;
  const place = step === undefined ? steps.length : steps.indexOf(step);
  const said = step === undefined ? t('train.look.now', { step: now }) : t('train.look.step', { step });
  return (
    <section className={`card ${css.scrubber}`} aria-label={t('train.look.moment')}>
      <span className="muted small">{t('train.look.moment')}</span>
      <Tooltip label={`${t('train.look.earlier')} · [`}>
        <ActionIcon aria-label={t('train.look.earlier')} disabled={place === 0} onClick={() => move(-1)}>
          <IconChevronLeft size={16} />
        </ActionIcon>
      </Tooltip>
      <input
        type="range"
        className={css.moments}
        min={0}
        max={steps.length}
        value={place}
        aria-label={t('train.look.moment')}
        aria-valuetext={said}
        onChange={(event) => viewStep(steps[Number(event.currentTarget.value)])}
      />
      <Tooltip label={`${t('train.look.later')} · ]`}>
        <ActionIcon
          aria-label={t('train.look.later')}
          disabled={place === steps.length}
          onClick={() => move(1)}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
      </Tooltip>
      <output className={`number small ${css.moment}`}>{said}</output>
      <Button
        size="compact-sm"
        variant="default"
        disabled={step === undefined}
        onClick={() => viewStep(undefined)}
      >
        {t('train.look.toNow')}
      </Button>
      {others.length > 0 && (
        <NativeSelect
          size="xs"
          aria-label={t('train.look.beside')}
          value={beside ?? ''}
          onChange={(event) => viewBeside(event.currentTarget.value || undefined)}
          data={[
            { value: '', label: t('train.look.alone') },
            ...others.map(({ id, name }) => ({ value: id, label: t('train.look.with', { name }) })),
          ]}
        />
      )}
    </section>
  );
}
