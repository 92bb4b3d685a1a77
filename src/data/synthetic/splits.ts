/**
 * Which samples are for validation, and what is dealt to each. Within a split samples are numbered in random order, and what must
 * be balanced (classes, combinations of signals) is dealt by that number: exact counts instead of counts by chance.
 */
import type { Random } from '../../core/random.ts';
import type { Split } from '../dataset.ts';

export interface Dealt {
  stated: Split[];
  /** Number of each sample within its split. */
  rank: Uint32Array;
}

/**
 * @param validation samples of the validation split, of `count`
 */
export function deal(count: number, validation: number, stream: Random): Dealt {
  const stated = new Array<Split>(count).fill('train');
  const rank = new Uint32Array(count);
  for (const [place, sample] of stream.permutation(count).entries()) {
    if (place < validation) stated[sample] = 'validation';
    rank[sample] = place < validation ? place : place - validation;
  }
  return { stated, rank };
}

/** A fifth. */
export const dealFifth = (count: number, stream: Random): Dealt =>
  deal(count, Math.max(1, Math.round(count / 5)), stream);
