/**
 * A look: something that is asked of a model, with the weights of now or of a saved step, and costs nothing while nobody asks. One file each beside
 * this one, one line each in workers/looks.ts; a panel or a screen shows what it gives.
 */
import { StudioError } from '../../core/errors.ts';
import type { PreparedData } from '../../data/prepared.ts';
import type { Model } from '../model.ts';
import type { Session } from '../session.ts';

/** What a look looks at. */
export interface Subject {
  model: Model;
  /** Steps that the weights have learned. */
  step: number;
  /** The open session, where the weights are those of now: between chunks of steps, or at rest. */
  session?: Session;
}

/** Which weights: of the open run now, of a run at its newest, or of a run at a saved step; on the run's own data or another. */
export interface Moment {
  run?: string;
  step?: number;
  dataset?: string;
}

/** What was seen, and after how many steps. */
export interface Looked<R> {
  step: number;
  result: R;
}

/** A sample and one of its captions. */
export interface PinnedSample {
  image: number;
  caption: number;
}

/** The pair of a sample and one of its captions. @throws StudioError `file-missing` where the data has no such pair */
export function pairOf({ sample, caption, count }: PreparedData['pairs'], pinned: PinnedSample): number {
  for (let pair = 0; pair < count; pair++)
    if (sample[pair] === pinned.image && caption[pair] === pinned.caption) return pair;
  throw new StudioError('file-missing', { file: `#${pinned.image}`, place: 'the data set' });
}
