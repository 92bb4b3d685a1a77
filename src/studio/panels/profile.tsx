/** Where the time goes: kernels and blocks of profiled steps, memory by kind, and the split of a step while it trains. */
import { Button, SegmentedControl } from '@mantine/core';
import { useStore } from 'zustand';
import { defaults, type Field } from '../../core/fields.ts';
import { memoryKinds, totalTime } from '../../core/profile.ts';
import { profileSteps } from '../app/profile.ts';
import type { Table } from '../charts/download.ts';
import { type Translate, useT } from '../i18n/index.ts';
import { currentProfile, profiling } from '../state/profile.ts';
import { hasModel, liveLog, session } from '../state/session.ts';
import { DeviceTime } from './DeviceTime.tsx';
import { logField } from './fields.ts';
import { MemoryByKind } from './MemoryByKind.tsx';
import { metricTable } from './metrics.ts';
import { definePanel, type PanelProps } from './panel.ts';
import css from './panels.module.css';
import { StepSplit, splitMetrics } from './StepSplit.tsx';
import { useVersion } from './useVersion.ts';

const steps = 5;

const views = [
  { value: 'device', label: { en: 'Device time', zh: '设备时间' } },
  { value: 'memory', label: { en: 'Memory', zh: '内存' } },
  { value: 'split', label: { en: 'Step', zh: '单步' } },
] as const;
const viewField: Field = {
  key: 'view',
  kind: 'choice',
  label: { en: 'What is shown', zh: '显示内容' },
  help: {
    en: 'Time on the device by kernel and block; memory by kind; or how a step’s time is split as it trains.',
    zh: '按内核与模块的设备时间；按类别的内存；或训练中单步时间的构成。',
  },
  default: 'device',
  choices: [...views],
};
const fields = [viewField, logField(false)];

const viewOf = (settings: PanelProps['settings']) => {
  const { view } = { ...defaults(fields), ...settings };
  return views.find(({ value }) => value === view)?.value ?? 'device';
};

const version = () =>
  `${session.getState().run} ${currentProfile()?.at} ${session.getState().memory?.activations} ${liveLog.version}`;

function Body({ settings, set }: PanelProps) {
  useVersion(version, 2);
  const t = useT();
  const state = useStore(session, (status) => status.state);
  const memory = useStore(session, (status) => status.memory);
  const busy = useStore(profiling, (one) => one.busy);
  const view = viewOf(settings);
  const rate = liveLog.last('samplesPerSecond');
  return (
    <div className={css.profile}>
      <div className="row wrap">
        <SegmentedControl
          size="xs"
          aria-label={t.pick(viewField.label)}
          value={view}
          data={views.map(({ value, label }) => ({ value, label: t.pick(label) }))}
          onChange={(next) => set({ ...settings, view: next })}
        />
        <Button
          size="xs"
          variant="default"
          loading={busy}
          disabled={state !== 'running' && state !== 'paused'}
          onClick={() => void profileSteps(steps)}
        >
          {t('profile.button', { steps })}
        </Button>
        {rate !== undefined && (
          <span className="muted small number">
            {t('profile.now', { rate: t.number(rate), ms: t.number(liveLog.last('stepMs')) })}
          </span>
        )}
      </div>
      {view === 'device' ? (
        <DeviceTime profile={currentProfile()} steps={steps} />
      ) : view === 'memory' ? (
        memory && <MemoryByKind memory={memory} />
      ) : (
        <StepSplit log={settings['log'] === true} />
      )}
    </div>
  );
}

/** Every kernel in the order of the step; sums are one pivot away. */
function deviceTable(): Table {
  const { kernels = [] } = currentProfile() ?? {};
  const total = totalTime(kernels);
  return {
    columns: ['#', 'block', 'kernel', 'kind', 'ms', 'share'],
    rows: kernels.map(({ path, label, kind, nanoseconds }, index) => [
      String(index + 1),
      path || 'model',
      label,
      kind,
      nanoseconds / 1e6,
      total > 0 ? nanoseconds / total : 0,
    ]),
  };
}

function memoryTable(t: Translate): Table {
  const { memory } = session.getState();
  return {
    columns: ['kind', 'bytes'],
    rows: memory ? memoryKinds.map((kind) => [t(`profile.memory.${kind}`), memory[kind]]) : [],
  };
}

export const profile = definePanel({
  id: 'profile',
  title: { en: 'Where the time goes', zh: '时间去向' },
  explain: {
    en: 'Which kernels and blocks take the device’s time, what memory holds, and what a step waits for.',
    zh: '哪些内核与模块占用设备时间，内存用在何处，每一步在等待什么。',
  },
  empty: {
    en: 'Once the run is ready, its steps can be profiled here.',
    zh: '训练就绪后，可在此剖析其中几步。',
  },
  columns: 12,
  rows: 10,
  fields,
  Body,
  version,
  hasData: () => hasModel(session.getState()),
  last: currentProfile,
  table: (settings, t) => {
    const view = viewOf(settings);
    return view === 'device' ? deviceTable() : view === 'memory' ? memoryTable(t) : metricTable(splitMetrics);
  },
});
