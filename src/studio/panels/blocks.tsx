/** Gradient norm, weight norm and update-to-weight ratio of every block, by depth. */
import { lazy, Suspense } from 'react';
import type { Field } from '../../core/fields.ts';
import type { Blocks } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { judged } from './blocks/judge.ts';
import { defineLookPanel, type LookProps } from './lookPanel.tsx';

const BlockList = lazy(async () => ({ default: (await import('./blocks/BlockList.tsx')).BlockList }));

const fields: Field[] = [];

function Body(props: LookProps<Blocks>) {
  return (
    <Suspense fallback={null}>
      <BlockList {...props} />
    </Suspense>
  );
}

export const blocks = defineLookPanel({
  id: 'blocks',
  title: { en: 'Norms by block', zh: '各模块范数' },
  explain: {
    en: 'How hard every block is pulled, how large its weights are, how far a step moves it. ▼ marks a gradient that vanishes, ▲ one that explodes.',
    zh: '每个模块的梯度大小、权重大小与一步的变化幅度。▼ 表示梯度消失，▲ 表示梯度爆炸。',
  },
  article: () => import('./articles/blocks.ts'),
  empty: { en: 'Norms appear with the next step.', zh: '下一步完成后显示范数。' },
  columns: 6,
  rows: 10,
  fields,
  question: () => undefined,
  ask: (_, at) => api().engine.blocks(undefined, at),
  interval: 800,
  Body,
  table: ({ blocks: all }) => {
    const verdicts = judged(all);
    return {
      columns: ['block', 'part', 'parameters', 'gradient', 'weight', 'update', 'update / weight', 'mark'],
      rows: all.map(({ block, of, parameters, gradient = Number.NaN, weight, update = Number.NaN }, i) => [
        ...[block, of, parameters, gradient, weight, update, weight > 0 ? update / weight : Number.NaN],
        verdicts[i] ?? '',
      ]),
    };
  },
});
