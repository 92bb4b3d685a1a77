/** Attention of one sample in every tower that attends. */
import type { AttentionMaps } from '../model.ts';
import { type PinnedSample, pairOf, type Subject } from './look.ts';

/** @throws StudioError `file-missing` */
export const look = ({ model }: Subject, pinned: PinnedSample): Promise<AttentionMaps[]> =>
  model.attention(pairOf(model.data.pairs, pinned));
