/** The panels that are nothing but curves of fixed metrics: retrieval, learning rate and temperature, throughput. */
import { defaults } from '../../core/fields.ts';
import { Curves } from '../charts/Curves.tsx';
import { useT } from '../i18n/index.ts';
import { liveLog } from '../state/session.ts';
import { useTokens } from '../theme/useTokens.ts';
import { smoothingField, xAxisField, xAxisOf } from './fields.ts';
import { contrasts } from './fits.ts';
import { has, type Line, liveSeries, metricTable, metricVersion } from './metrics.ts';
import { definePanel, type PanelProps } from './panel.ts';
import css from './panels.module.css';

const ways = [
  { way: 'i2t', arrow: 'train.retrieval.i2t', color: 'image', mark: 'square', dash: [] },
  { way: 't2i', arrow: 'train.retrieval.t2i', color: 'text', mark: 'circle', dash: [6, 3] },
] as const;
const recalls = ['r1', 'r5', 'r10'] as const;
const retrievalFields = [xAxisField];

function RetrievalBody({ settings }: PanelProps) {
  const t = useT();
  const tokens = useTokens();
  const { x } = { ...defaults(retrievalFields), ...settings };
  const xAxis = xAxisOf(x);
  const lines = (): Line[] =>
    ways.flatMap(({ way, arrow, color, mark, dash }) =>
      recalls.map((recall, i) => ({
        metric: `val.${way}.${recall}`,
        label: `${t(arrow)} R@${recall.slice(1)}`,
        short: `R@${recall.slice(1)}`,
        color: tokens[color],
        mark,
        dash,
        sparse: true,
        // R@1 is what counts most.
        width: [2.4, 1.6, 1][i],
      })),
    );
  return (
    <Curves
      title={t('train.retrieval')}
      yName={t('train.retrieval.axis')}
      xAxis={xAxis}
      log={false}
      smoothing={0}
      domain={[0, 1]}
      tickY={(value) => String(Math.round(value * 100))}
      show={t.percent}
      read={() => liveSeries(lines(), xAxis)}
      version={metricVersion}
    />
  );
}

const retrievalMetrics = ways.flatMap(({ way }) => recalls.map((recall) => `val.${way}.${recall}`));

export const retrieval = definePanel({
  id: 'retrieval',
  title: { en: 'Retrieval', zh: '检索' },
  explain: {
    en: 'How often the right partner is among the first 1, 5 or 10 answers, on validation pairs.',
    zh: '在验证集中，正确的另一半出现在前 1、5、10 个结果中的比例。',
  },
  empty: { en: 'Retrieval appears with the first validation.', zh: '第一次验证后显示检索结果。' },
  suits: contrasts,
  columns: 4,
  rows: 9,
  fields: retrievalFields,
  Body: RetrievalBody,
  version: metricVersion,
  hasData: () => has('val.i2t.r1') || has('val.t2i.r1'),
  table: () => metricTable(retrievalMetrics),
});

/** Two measures of different kinds: each has an axis of its own, one above the other. */
function Pair({
  settings,
  fields,
  upper,
  lower,
}: {
  settings: PanelProps['settings'];
  fields: typeof retrievalFields;
  upper: Half;
  lower: Half;
}) {
  const t = useT();
  const tokens = useTokens();
  const { x, smoothing = 0 } = { ...defaults(fields), ...settings };
  const xAxis = xAxisOf(x);
  return (
    <div className={css.pair}>
      {[upper, lower]
        .filter(({ metric }, i) => i === 0 || has(metric))
        .map((half) => (
          <Curves
            key={half.metric}
            title={t(half.name)}
            yName={t(half.name)}
            xAxis={xAxis}
            log={false}
            smoothing={Number(smoothing)}
            read={() =>
              liveSeries(
                [{ metric: half.metric, label: t(half.name), color: tokens.ink, mark: half.mark }],
                xAxis,
              )
            }
            version={metricVersion}
          />
        ))}
    </div>
  );
}
interface Half {
  metric: string;
  name:
    | 'train.lr'
    | 'train.temperature'
    | 'train.samplesPerSecond'
    | 'train.stepMs'
    | 'train.overflows'
    | 'train.lossScale';
  mark: 'circle' | 'diamond';
}

const learningRateFields = [xAxisField];
export const learningRate = definePanel({
  id: 'learningRate',
  title: { en: 'Learning rate and temperature', zh: '学习率与温度' },
  explain: {
    en: 'How large the steps are; and where modalities are compared, how sharply right pairs are told from wrong ones: lower is sharper.',
    zh: '每步更新的大小；若比较模态，还有区分正误配对的锐度：温度越低越锐利。',
  },
  empty: { en: 'Both appear with the first step.', zh: '第一步完成后显示。' },
  columns: 6,
  rows: 7,
  fields: learningRateFields,
  Body: ({ settings }) => (
    <Pair
      settings={settings}
      fields={learningRateFields}
      upper={{ metric: 'lr', name: 'train.lr', mark: 'circle' }}
      lower={{ metric: 'temperature', name: 'train.temperature', mark: 'diamond' }}
    />
  ),
  version: metricVersion,
  hasData: () => has('lr'),
  table: () => metricTable(['lr', 'temperature']),
});

const throughputFields = [smoothingField(0.9), xAxisField];
export const throughput = definePanel({
  id: 'throughput',
  title: { en: 'Throughput', zh: '吞吐量' },
  explain: {
    en: 'Samples per second and milliseconds per step on this device.',
    zh: '此设备上每秒处理的样本数与每步毫秒数。',
  },
  empty: { en: 'Speed appears with the first steps.', zh: '最初几步完成后显示速度。' },
  columns: 6,
  rows: 7,
  fields: throughputFields,
  Body: ({ settings }) => (
    <Pair
      settings={settings}
      fields={throughputFields}
      upper={{ metric: 'samplesPerSecond', name: 'train.samplesPerSecond', mark: 'circle' }}
      lower={{ metric: 'stepMs', name: 'train.stepMs', mark: 'diamond' }}
    />
  ),
  version: () => liveLog.version,
  hasData: () => has('stepMs'),
  table: () => metricTable(['samplesPerSecond', 'stepMs']),
});

export const precision = definePanel({
  id: 'precision',
  title: { en: 'Mixed precision', zh: '混合精度' },
  explain: {
    en: 'Steps left out because a gradient overflowed 16 bits, and the factor that keeps small ones alive.',
    zh: '因梯度超出 16 位而跳过的累计步数，以及保留微小梯度的损失系数。',
  },
  empty: {
    en: 'Only runs with 16-bit floats have this. Choose the precision on the Model screen.',
    zh: '仅 16 位浮点训练有此数据。请在“模型”页选择精度。',
  },
  columns: 6,
  rows: 7,
  fields: learningRateFields,
  Body: ({ settings }) => (
    <Pair
      settings={settings}
      fields={learningRateFields}
      upper={{ metric: 'overflows', name: 'train.overflows', mark: 'circle' }}
      lower={{ metric: 'lossScale', name: 'train.lossScale', mark: 'diamond' }}
    />
  ),
  version: metricVersion,
  hasData: () => has('overflows'),
  table: () => metricTable(['overflows', 'lossScale']),
});
