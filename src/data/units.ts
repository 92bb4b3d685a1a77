/**
 * What training draws: its samples, each giving one of its captions; or its pairs, where there is something to predict for each of several captions (questions
 * about a picture), so that every pair is seen.
 */
import type { PreparedData } from './prepared.ts';

export interface Units {
  /** Whether pairs are what is drawn. */
  byPair: boolean;
  /** The pair of each unit, or the first pair of its sample (captions follow each other); ascending. */
  pairs: Int32Array;
}

/** As much of prepared data as tells its units. */
type Divided = Pick<PreparedData, 'captions' | 'target'> & {
  pairs: Pick<PreparedData['pairs'], 'sample'>;
  splitPairs: Pick<PreparedData['splitPairs'], 'train'>;
};

const known = new WeakMap<Divided, Units>();

export function unitsOf(prepared: Divided): Units {
  const found = known.get(prepared);
  if (found) return found;
  const { captions, pairs, splitPairs, target } = prepared;
  const byPair = target !== undefined && captions.some((list) => list.length > 1);
  const { train } = splitPairs;
  const units = {
    byPair,
    pairs: byPair ? train : train.filter((pair, at) => pairs.sample[pair] !== pairs.sample[train[at - 1]]),
  };
  known.set(prepared, units);
  return units;
}
