/** What the run is good at: every share that it measures on validation, with the same on training batches where it has one; errors have an axis of their own. */
import { defaults } from '../../core/fields.ts';
import { mainMetric } from '../../core/score.ts';
import { Curves } from '../charts/Curves.tsx';
import { type Translate, useT } from '../i18n/index.ts';
import { runs } from '../state/runs.ts';
import { liveLog } from '../state/session.ts';
import type { Tokens } from '../theme/tokens.ts';
import { useTokens } from '../theme/useTokens.ts';
import { Forgotten } from './Forgotten.tsx';
import { comparedField, smoothingField, xAxisField, xAxisOf } from './fields.ts';
import { termStyle } from './groupStyle.ts';
import { isShare, measureName, metricName } from './metricName.ts';
import { comparedSeries, type Line, liveSeries, metricTable, metricVersion } from './metrics.ts';
import { definePanel, type PanelProps } from './panel.ts';
import css from './panels.module.css';

const fields = [smoothingField(0.8), xAxisField, comparedField];

/** `val.accuracy` repeats the first term's; directions of retrieval and heads of balancing have panels of their own; losses stand with the loss. */
const isScore = (name: string) =>
  name.startsWith('val.') && name !== 'val.accuracy' && !/^val\.(i2t|t2i|balance)\.|(^|\.)loss$/.test(name);
const scores = () => liveLog.names().filter(isScore);
/** The same of the running average of the weights. */
const averaged = () =>
  scores()
    .map((name) => `average.${name}`)
    .filter((name) => liveLog.column(name));
/** The same of earlier data. */
const ofOld = () =>
  scores()
    .map((name) => `old.${name}`)
    .filter((name) => liveLog.column(name));
const shares = () => scores().filter(isShare);
const errors = () => scores().filter((name) => !isShare(name));
/** Of training batches: `accuracy`, `mlm.accuracy`, …. */
const inTraining = () => liveLog.names().filter((name) => /^(?!val\.)(\w+\.)?(accuracy|exact)$/.test(name));

/** Beside each score, in its colour, what the averaged weights reach. */
const averagedLines = (t: Translate, tokens: Tokens, own: readonly string[]): Line[] =>
  own.map((metric, i) => ({
    metric: `average.${metric}`,
    label: t('train.score.averaged', { name: metricName(t, metric) }),
    short: t('train.loss.averagedShort'),
    color: termStyle(i, tokens).color,
    dash: [1.5, 2.5],
    mark: 'circle',
    sparse: true,
    width: 1.6,
  }));

/** Beside each score, in its colour, what is left of the old task. */
const oldLines = (t: Translate, tokens: Tokens, own: readonly string[]): Line[] =>
  own.map((metric, i) => ({
    metric: `old.${metric}`,
    label: t('train.score.old', { name: metricName(t, metric) }),
    short: t('train.old'),
    color: termStyle(i, tokens).color,
    dash: [7, 4],
    mark: 'star',
    sparse: true,
    width: 2,
  }));

function shareLines(t: Translate, tokens: Tokens): Line[] {
  return [
    ...shares().map((metric, i) => ({
      metric,
      label: metricName(t, metric),
      short: metricName(t, metric).split(' · ').at(-1),
      ...termStyle(i, tokens),
      sparse: true,
      width: 2.2,
    })),
    ...averagedLines(t, tokens, shares()),
    ...oldLines(t, tokens, shares()),
    ...inTraining().map((metric, i) => ({
      metric,
      label: t('train.score.training', { name: measureName(t, metric) }),
      short: t('train.loss.training'),
      ...termStyle(shares().length + i, tokens),
      width: 1.4,
    })),
  ];
}

function Body({ settings }: PanelProps) {
  const t = useT();
  const tokens = useTokens();
  const { x, smoothing, runs: others } = { ...defaults(fields), ...settings };
  const xAxis = xAxisOf(x);
  /** The main score of compared runs, in the chart where it belongs. */
  const compared = (belongs: (metric: string) => boolean) => {
    const metric = mainMetric(scores());
    return others && metric && belongs(metric)
      ? comparedSeries(metric, xAxis, tokens, (name, count) => t('runs.group.line', { name, count }), true)
      : [];
  };
  const version = () => `${metricVersion()} ${runs.getState().compared.join()}`;
  const withShares = shares().length + inTraining().length > 0;
  return (
    <>
      {withShares && (
        <Curves
          title={t('train.score')}
          yName={t('train.score.axis')}
          xAxis={xAxis}
          log={false}
          smoothing={Number(smoothing)}
          domain={[0, 1]}
          tickY={(value) => String(Math.round(value * 100))}
          show={t.percent}
          read={() => [...liveSeries(shareLines(t, tokens), xAxis), ...compared(isShare)]}
          version={version}
        />
      )}
      {errors().length > 0 && (
        <div className={withShares ? css.below : css.pair}>
          <Curves
            title={t('train.error')}
            yName={t('train.error')}
            xAxis={xAxis}
            log={false}
            smoothing={0}
            read={() => [
              ...liveSeries(
                [
                  ...errors().map((metric, i) => ({
                    metric,
                    label: metricName(t, metric),
                    ...termStyle(i, tokens),
                    sparse: true,
                  })),
                  ...averagedLines(t, tokens, errors()),
                  ...oldLines(t, tokens, errors()),
                ],
                xAxis,
              ),
              ...compared((name) => !isShare(name)),
            ]}
            version={version}
          />
        </div>
      )}
      <Forgotten />
    </>
  );
}

export const score = definePanel({
  id: 'score',
  title: { en: 'Score', zh: '得分' },
  explain: {
    en: 'How often the model is right: on validation with marks, on training batches without.',
    zh: '模型答对的比例：带标记的为验证集，不带标记的为训练批次。',
  },
  empty: {
    en: 'Scores appear with the first validation.',
    zh: '第一次验证后显示得分。',
  },
  columns: 4,
  rows: 8,
  fields,
  Body,
  version: metricVersion,
  hasData: () => scores().length + inTraining().length > 0,
  table: () =>
    metricTable([
      ...scores(),
      ...averaged(),
      ...ofOld(),
      ...(liveLog.column('old.forgetting') ? ['old.forgetting', 'old.transfer'] : []),
      ...inTraining(),
    ]),
});
