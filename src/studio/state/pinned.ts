/** The sample, and which of its captions, that every panel and Inspect look at. */
import { createStore } from 'zustand/vanilla';
import type { PinnedSample } from '../../workers/api.ts';

export const pinned = createStore<PinnedSample>(() => ({ image: 0, caption: 0 }));
