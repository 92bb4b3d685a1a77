/**
 * A data set made ready for one recipe: pictures at the model's size, captions as token ids, every picture in one
 * split. `prepare` (data/prepare.ts) makes it; `drawBatch` (data/draw.ts) draws from it.
 */

import type { View } from './augment.ts';
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

/** A batch but for its pictures. */
export interface Rows {
  /** Pair index of each row. */
  pairs: Int32Array;
  /** `batch × textLength`. */
  tokens: Int32Array;
  /** `batch × textLength`: 1 for a token, 0 for padding. */
  keep: Float32Array;
  /** Equal numbers are positives: same picture, same caption. `imageGroups` are the pictures themselves. */
  imageGroups: Int32Array;
  textGroups: Int32Array;
}

/** What a training step takes: rows, and how each picture is looked at. */
export interface Drawn extends Rows {
  views: View[];
}

export interface Batch extends Rows {
  /** `batch × size × size × 3`, normalized with the data's mean and deviation. */
  images: Float32Array;
}
