/** Why the model says what it says of the pinned sample: which patches, words, moments and cells speak for its answer, and which against. */
import { lazy, Suspense } from 'react';
import type { Field } from '../../core/fields.ts';
import type { Attribution, AttributionOptions } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { defineLookPanel, type LookProps } from './lookPanel.tsx';

const Explained = lazy(async () => ({ default: (await import('./why/Explained.tsx')).Explained }));

const fields: Field[] = [
  {
    key: 'method',
    kind: 'choice',
    label: { en: 'Method', zh: '方法' },
    help: {
      en: 'Integrated gradients and occlusion tell for from against; Grad-CAM is quick and coarse.',
      zh: '积分梯度与遮挡能区分有利和不利；Grad-CAM 快而粗。',
    },
    default: 'integrated',
    choices: [
      { value: 'integrated', label: { en: 'Integrated gradients', zh: '积分梯度' } },
      { value: 'gradcam', label: { en: 'Grad-CAM', zh: 'Grad-CAM' } },
      { value: 'occlusion', label: { en: 'Occlusion', zh: '遮挡' } },
    ],
  },
];

const methodOf = (value: unknown): AttributionOptions['method'] =>
  value === 'gradcam' || value === 'occlusion' ? value : 'integrated';

function Body(props: LookProps<Attribution>) {
  return (
    <Suspense fallback={null}>
      <Explained {...props} />
    </Suspense>
  );
}

export const why = defineLookPanel<AttributionOptions, Attribution>({
  id: 'why',
  title: { en: 'Why', zh: '为什么' },
  explain: {
    en: 'What speaks for the answer about the pinned sample (orange) and what against it (purple).',
    zh: '对选定样本的回答：橙色为有利的部分，紫色为不利的部分。',
  },
  article: () => import('./articles/why.ts'),
  empty: { en: 'The explanation appears with the next step.', zh: '下一步完成后显示解释。' },
  columns: 6,
  rows: 9,
  fields,
  question: ({ method, what, of }, sample) => ({
    ...sample,
    method: methodOf(method),
    ...(typeof what === 'string' && what && { what }),
    ...(typeof of === 'string' && of && { of }),
  }),
  ask: (options, at) => api().engine.attribution(options, at),
  interval: 2000,
  Body,
  table: ({ credits }) => ({
    columns: ['modality', 'row', 'column', 'name', 'credit'],
    rows: credits.flatMap(({ modality, shape, values, labels = [] }) => {
      const width = shape.length > 1 ? shape[1] : shape[0];
      return [...values].map((value, at) => [
        modality,
        Math.floor(at / width) + 1,
        (at % width) + 1,
        labels[at % width] ?? '',
        value,
      ]);
    }),
  }),
});
