/** Histograms of tensors by a query: activations, gradients, parameters; now and over the steps that were seen. */
import { lazy, Suspense } from 'react';
import type { Field } from '../../core/fields.ts';
import type { Histograms } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { defineLookPanel, type LookProps } from './lookPanel.tsx';

const HistogramList = lazy(async () => ({
  default: (await import('./histogram/HistogramList.tsx')).HistogramList,
}));

const fields: Field[] = [
  {
    key: 'query',
    kind: 'words',
    label: { en: 'Tensors', zh: '张量' },
    help: {
      en: 'A name such as image.block[2].attention.out. :grad is its gradient, :weight the parameters inside. * stands for anything in one part, ** for any parts, [0..3] for several blocks; commas part queries.',
      zh: '名称，如 image.block[2].attention.out。:grad 为梯度，:weight 为其中的参数。* 匹配一节中的任意内容，** 匹配任意多节，[0..3] 表示多个模块；用逗号分隔。',
    },
    default: '*.out',
  },
  {
    key: 'bins',
    kind: 'integer',
    label: { en: 'Bins', zh: '分箱数' },
    help: {
      en: 'Of equal width, from the least to the largest value.',
      zh: '从最小值到最大值等宽分箱。',
    },
    default: 40,
    min: 5,
    max: 200,
  },
  {
    key: 'log',
    kind: 'switch',
    label: { en: 'Logarithmic counts', zh: '计数取对数' },
    help: { en: 'Shows bins with few values too.', zh: '使数量少的分箱也可见。' },
    default: false,
  },
];

function Body(props: LookProps<Histograms>) {
  return (
    <Suspense fallback={null}>
      <HistogramList {...props} />
    </Suspense>
  );
}

export const histogram = defineLookPanel({
  id: 'histogram',
  title: { en: 'Histograms', zh: '直方图' },
  explain: {
    en: 'How the values of any tensor are spread, in the batch in turn. A spike at zero, a tail that grows or values that are not finite are worth a look.',
    zh: '任意张量的取值分布（当前批次）。零处的尖峰、不断变长的尾部、非有限值都值得关注。',
  },
  article: () => import('./articles/histogram.ts'),
  empty: { en: 'Histograms appear with the next step.', zh: '下一步完成后显示直方图。' },
  columns: 6,
  rows: 10,
  fields,
  question: ({ query, bins }) => ({ query: String(query), bins: Number(bins) }),
  ask: (question, at) => api().engine.histogram(question, at),
  interval: 1500,
  Body,
  table: ({ tensors }) => {
    const bins = Math.max(0, ...tensors.map(({ counts }) => counts.length));
    return {
      columns: [
        ...['tensor', 'kind', 'shape', 'count', 'zeros', 'not finite', 'mean', 'deviation', 'min', 'max'],
        ...Array.from({ length: bins }, (_, i) => `bin ${i + 1}`),
      ],
      rows: tensors.map(
        ({ name, kind, shape, count, zeros, nonFinite, mean, deviation, min, max, counts }) => [
          ...[name, kind, shape.join(' × '), count, zeros, nonFinite, mean, deviation, min, max],
          ...counts,
        ],
      ),
    };
  },
});
