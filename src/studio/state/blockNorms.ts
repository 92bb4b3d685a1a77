/** The norms by block that were seen last, for whoever draws the model. */
import { createStore } from 'zustand/vanilla';
import type { BlockNorms } from '../../workers/api.ts';

export const blockNorms = createStore<{ run?: string; blocks: readonly BlockNorms[] }>(() => ({
  blocks: [],
}));
