/** No balancing: every modality learns as fast as the loss makes it. */
import type { BalanceDefinition } from './definition.ts';

export const none: BalanceDefinition = {
  type: 'none',
  title: { en: 'None', zh: '无' },
  summary: { en: 'Every modality learns at its own speed.', zh: '各模态按自身速度学习。' },
  source: '',
  fields: [],
  build: () => ({}),
};
