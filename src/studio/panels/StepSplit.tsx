/** How the wall time of a step is split, over the run. A long wait for data or encoding means that the device idles. */
import { useStore } from 'zustand';
import { Curves } from '../charts/Curves.tsx';
import { useT } from '../i18n/index.ts';
import { session } from '../state/session.ts';
import { useTokens } from '../theme/useTokens.ts';
import { has, type Line, liveSeries, metricVersion } from './metrics.ts';
import css from './panels.module.css';

const parts = [
  { part: 'data', dash: [6, 3], mark: 'circle' },
  { part: 'encode', dash: [2, 3], mark: 'triangle' },
  { part: 'wait', dash: [], mark: 'square' },
] as const;

export const splitMetrics = parts.map(({ part }) => `time.${part}`);

export function StepSplit({ log }: { log: boolean }) {
  const t = useT();
  const tokens = useTokens();
  const tfjs = useStore(session, ({ executor }) => executor?.startsWith('tfjs'));
  if (!has('time.wait')) return <p className={css.empty}>{t('profile.split.empty')}</p>;
  const lines = parts.map(
    ({ part, dash, mark }, index): Line => ({
      metric: `time.${part}`,
      label: t(`profile.split.${part}`),
      color: tokens.runs[index],
      dash,
      mark,
    }),
  );
  return (
    <>
      {tfjs && <p className="muted small">{t('profile.split.tfjs')}</p>}
      <Curves
        title={t('profile.split.axis')}
        yName={t('profile.split.axis')}
        xAxis="step"
        log={log}
        smoothing={0.6}
        read={() => liveSeries(lines, 'step')}
        version={metricVersion}
      />
    </>
  );
}
