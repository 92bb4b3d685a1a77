/**
 * A data set made ready for one recipe: pictures at the model's size, captions as token ids, every picture in one
 * split. `prepare` (data/prepare.ts) makes it; `trainBatch` (data/batches.ts) draws from it.
 */

import type { Split } from './dataset.ts';
import type { Tokenizer } from './text/tokenizer.ts';

export interface PreparedData {
  dataset: string;
  fingerprint: string;
  /** Side of the pictures that the model sees. */
  size: number;
  /** RGB bytes, `images × size × size × 3`. */
  pixels: Uint8Array;
  files: string[];
  captions: string[][];
  splits: Split[];
  tokenizer: Tokenizer;
  textLength: number;
  pairs: {
    count: number;
    /** Picture of each pair, and which of its captions. */
    image: Int32Array;
    caption: Int32Array;
    /** Equal captions share an id: they are positives of each other's pictures. */
    textGroup: Int32Array;
    /** `count × textLength` ids, padded with `tokenizer.padId`. */
    tokens: Int32Array;
    /** Tokens before the padding, end mark included. */
    lengths: Int32Array;
    /** Pairs whose caption was longer than textLength. */
    cut: number;
  };
  /** Pair indices of each split. */
  splitPairs: Record<Split, Int32Array>;
  /** How the data set's pictures were made square. */
  fit: 'crop' | 'pad' | 'stretch';
  background: string;
  /** Channel mean and standard deviation of the training pictures, of values in 0 … 1. */
  mean: [number, number, number];
  deviation: [number, number, number];
}

/** One batch as the graph takes it. */
export interface Batch {
  /** Pair index of each row. */
  pairs: Int32Array;
  /** `batch × size × size × 3`, normalized with the data's mean and deviation. */
  images: Float32Array;
  /** `batch × textLength`. */
  tokens: Int32Array;
  /** `batch × textLength`: 1 for a token, 0 for padding. */
  keep: Float32Array;
  /** Equal numbers are positives: same picture, same caption. */
  imageGroups: Int32Array;
  textGroups: Int32Array;
}
