/** The open run's model drawn from its graph, with shapes and parameters; a click watches a block. */
import { lazy, Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import type { Field } from '../../core/fields.ts';
import { examined, examineOpen } from '../state/examined.ts';
import { useRecipeNow } from '../state/openRun.ts';
import { session } from '../state/session.ts';
import { definePanel, type PanelProps } from './panel.ts';

const DiagramPanel = lazy(async () => ({
  default: (await import('./diagram/DiagramPanel.tsx')).DiagramPanel,
}));

const fields: Field[] = [
  {
    key: 'color',
    kind: 'choice',
    label: { en: 'Strip at a block', zh: '模块色条' },
    help: {
      en: 'The gradient norm of each block, as the panel of norms by block saw it last.',
      zh: '各模块的梯度范数，取自“各模块范数”面板最近的结果。',
    },
    default: 'gradient',
    choices: [
      { value: 'gradient', label: { en: 'gradient norm', zh: '梯度范数' } },
      { value: 'none', label: { en: 'none', zh: '无' } },
    ],
  },
];

/** Asks for the drawing of the open run's recipe. */
function Watch() {
  const recipe = useRecipeNow();
  const dataset = useStore(session, (state) => state.dataset);
  useEffect(() => {
    if (recipe) void examineOpen(recipe, dataset);
  }, [recipe, dataset]);
  return null;
}

function Body(props: PanelProps) {
  return (
    <Suspense fallback={null}>
      <DiagramPanel {...props} />
    </Suspense>
  );
}

export const diagram = definePanel({
  id: 'diagram',
  title: { en: 'Model', zh: '模型图' },
  explain: {
    en: 'The model as its graph has it: shapes between blocks, parameters in them. Choose a block to watch its values.',
    zh: '由计算图绘制的模型：模块之间是张量形状，模块内是参数量。选择模块即可观察其取值。',
  },
  article: () => import('./articles/diagram.ts'),
  empty: { en: 'The model is being drawn.', zh: '正在绘制模型。' },
  columns: 6,
  rows: 12,
  fields,
  Body,
  watch: () => <Watch />,
  version: () => examined.getState().key,
  hasData: () => examined.getState().examination !== undefined,
  table: () => ({
    columns: ['block', 'part of', 'kind', 'modality', 'output', 'parameters'],
    rows: (examined.getState().examination?.diagram.blocks ?? []).map(
      ({ id, parent = '', kind, modality = '', output, parameters }) => [
        ...[id, parent, kind, modality, output, parameters],
      ],
    ),
  }),
});
