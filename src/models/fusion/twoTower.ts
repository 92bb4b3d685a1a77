/** Two towers (CLIP, Radford et al. 2021): no interaction before the similarity; each tower ends in a unit vector of the shared width. */
import type { FusionDefinition } from '../definition.ts';
import { sharedWidth } from './fields.ts';

export const twoTower: FusionDefinition = {
  type: 'two-tower',
  title: { en: 'Two towers (CLIP)', zh: '双塔 (CLIP)' },
  summary: {
    en: 'Each modality has its own encoder; they meet only in the similarity of their vectors.',
    zh: '每种模态各有编码器，只在向量相似度处相遇。',
  },
  source: 'Radford et al. 2021, arXiv 2103.00020',
  arity: { least: 2, most: 4 },
  fields: [sharedWidth],
  build: () => ({}),
};
