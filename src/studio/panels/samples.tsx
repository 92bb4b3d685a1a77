/** What the model makes of a few samples, always the same ones: reconstructions, hidden words, captions, predictions. */
import { lazy, Suspense } from 'react';
import type { Field } from '../../core/fields.ts';
import type { ShownSamples } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { splitField } from './fields.ts';
import { says } from './fits.ts';
import { defineLookPanel, type LookProps } from './lookPanel.tsx';

const SampleList = lazy(async () => ({ default: (await import('./samples/SampleList.tsx')).SampleList }));

const fields: Field[] = [
  {
    key: 'count',
    kind: 'integer',
    label: { en: 'Samples', zh: '样本数' },
    help: { en: 'Taken evenly from the split, always the same ones.', zh: '从划分中均匀抽取，始终相同。' },
    default: 6,
    min: 1,
    max: 24,
  },
  splitField,
];

const splits = ['train', 'validation', 'test', 'all'] as const;

function Body(props: LookProps<ShownSamples>) {
  return (
    <Suspense fallback={null}>
      <SampleList {...props} />
    </Suspense>
  );
}

export const samples = defineLookPanel({
  id: 'samples',
  title: { en: 'Samples', zh: '样本' },
  explain: {
    en: 'The same few samples at every step: pictures drawn again, hidden words found, captions written, classes predicted, beside the truth.',
    zh: '每一步都查看同样的几个样本：重建图片、还原词语、生成说明、预测类别，并与真值对照。',
  },
  article: () => import('./articles/samples.ts'),
  empty: { en: 'Samples appear with the next step.', zh: '下一步完成后显示样本。' },
  suits: says,
  columns: 12,
  rows: 9,
  fields,
  question: ({ split, count }) => ({
    split: splits.find((one) => one === split) ?? 'validation',
    count: Number(count),
  }),
  ask: (question, at) => api().engine.samples(question, at),
  interval: 3000,
  Body,
  table: ({ samples: all }) => ({
    columns: [
      'sample',
      'file',
      'caption',
      'written',
      'hidden word',
      'guess',
      'share',
      'share of the truth',
      'term',
      'said',
      'truth',
    ],
    rows: all.flatMap(({ sample, file, text = '', written = '', words = [], answers }) => {
      const own = [sample, file, text, written];
      const hidden = words.flatMap(({ text: word, guess }) =>
        guess ? [[...own, word, guess.text, guess.share, guess.truth, '', '', '']] : [],
      );
      const said = answers.map(({ term, said: answer, share = Number.NaN, truth = '' }) => [
        ...[...own, '', '', share, Number.NaN, term, answer, truth],
      ]);
      const rows = [...hidden, ...said];
      return rows.length > 0 ? rows : [[...own, '', '', '', '', '', '', '']];
    }),
  }),
});
