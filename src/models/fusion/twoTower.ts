/** Two towers (CLIP, Radford et al. 2021): no interaction before the similarity; each tower ends in a unit vector of the shared width. */

import { unitLength } from '../../engine/ops/functions.ts';
import type { FusionDefinition } from '../definition.ts';

export const twoTower: FusionDefinition = {
  type: 'two-tower',
  title: { en: 'Two towers (CLIP)', zh: '双塔 (CLIP)' },
  summary: {
    en: 'Each modality has its own encoder; they meet only in the similarity of their vectors.',
    zh: '每种模态各有编码器，只在向量相似度处相遇。',
  },
  source: 'Radford et al. 2021, arXiv 2103.00020',
  arity: { least: 2, most: 2 },
  fields: [
    {
      key: 'width',
      kind: 'integer',
      label: { en: 'Shared width', zh: '共享宽度' },
      help: { en: 'Numbers per embedding, the same for every modality.', zh: '嵌入向量维度，各模态相同。' },
      default: 64,
      min: 4,
      max: 2048,
      step: 4,
    },
  ],
  build({ graph, encoded }) {
    const embeddings = Object.fromEntries(
      Object.entries(encoded).map(([modality, { pooled }]) => [
        modality,
        graph.scope(modality, () => unitLength(pooled)),
      ]),
    );
    return { embeddings };
  },
};
