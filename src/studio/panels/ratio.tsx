/** Update-to-weight ratio per modality, and a line of words where one of them falls behind. */
import { useEffect, useState } from 'react';
import { defaults } from '../../core/fields.ts';
import { Curves } from '../charts/Curves.tsx';
import { measured } from '../charts/series.ts';
import { useT } from '../i18n/index.ts';
import { liveLog } from '../state/session.ts';
import { useTokens } from '../theme/useTokens.ts';
import { logField, smoothingField, xAxisField } from './fields.ts';
import { groupStyle } from './groupStyle.ts';
import { liveSeries, metricTable, metricVersion, modalitiesOf } from './metrics.ts';
import { modalityName } from './modalityName.ts';
import { definePanel, type PanelProps } from './panel.ts';
import css from './panels.module.css';
import { type Warning, warningsOf } from './warnings.ts';

/** Not modalities: a head that learns faster than an encoder is no warning. */
const parts = ['fusion', 'heads', 'other'];
const fields = [smoothingField(0.6), logField(true), xAxisField];
const metrics = () => modalitiesOf('ratio.').map((name) => `ratio.${name}`);

/** Both measures, read at leisure: words need not change ten times a second. */
function currentWarnings(): Warning[] {
  return (['grad', 'ratio'] as const).flatMap((measure) => {
    const modalities = modalitiesOf(`${measure}.`).filter((name) => !parts.includes(name));
    return warningsOf(
      measure,
      Object.fromEntries(modalities.map((name) => [name, measured(liveLog, `${measure}.${name}`).y])),
    );
  });
}

function Warnings() {
  const t = useT();
  const [list, setList] = useState<Warning[]>([]);
  useEffect(() => {
    const look = () =>
      setList((old) => {
        const next = currentWarnings();
        return JSON.stringify(next) === JSON.stringify(old) ? old : next;
      });
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div role="status">
      {list.map(({ kind, measure, modality, other }) => (
        <p key={`${measure}${modality}`} className={css.warning}>
          {t(`train.warning.${kind}.${measure}`, {
            modality: modalityName(t, modality),
            other: modalityName(t, other ?? ''),
          })}
        </p>
      ))}
    </div>
  );
}

function Body({ settings }: PanelProps) {
  const t = useT();
  const tokens = useTokens();
  const { smoothing, log, x } = { ...defaults(fields), ...settings };
  const xAxis = x === 'time' ? 'time' : 'step';
  return (
    <>
      <Warnings />
      <Curves
        title={t('train.ratio')}
        yName={t('train.ratio')}
        xAxis={xAxis}
        log={log === true}
        smoothing={Number(smoothing)}
        read={() =>
          liveSeries(
            modalitiesOf('ratio.').map((modality) => {
              const label = modalityName(t, modality);
              return { metric: `ratio.${modality}`, label, ...groupStyle(modality, tokens) };
            }),
            xAxis,
          )
        }
        version={metricVersion}
      />
    </>
  );
}

export const ratio = definePanel({
  id: 'ratio',
  title: { en: 'Update ratio', zh: '更新比例' },
  explain: {
    en: 'Size of one update relative to the weights; around 0.001 is healthy.',
    zh: '一次更新相对权重的大小；约 0.001 为宜。',
  },
  empty: { en: 'Update ratios appear with the first step.', zh: '第一步完成后显示更新比例。' },
  columns: 6,
  rows: 6,
  fields,
  Body,
  version: metricVersion,
  hasData: () => modalitiesOf('ratio.').length > 0,
  table: () => metricTable(metrics()),
});
