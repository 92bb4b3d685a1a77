/**
 * A data set made ready for one recipe: pictures at the model's size, captions as token ids, every picture in one
 * split. `prepare` (data/prepare.ts) makes it; `drawBatch` (data/draw.ts) draws from it.
 */

import type { View } from './augment.ts';
import type { Modality, Split, Target } from './dataset.ts';
import type { Pixels } from './pixels.ts';
import type { Tokenizer } from './text/tokenizer.ts';
import type { Part } from './words.ts';

export interface PreparedData {
  dataset: string;
  fingerprint: string;
  /** Side of the pictures that the model sees. */
  size: number;
  /** RGB bytes, `images × size × size × 3`. */
  pixels: Pixels;
  files: string[];
  captions: string[][];
  /** A sample that the cleaning left out has no pair; it stands under `test`. */
  splits: Split[];
  /** Where each sample came from; absent where all came from one place. */
  sources?: string[];
  tokenizer: Tokenizer;
  textLength: number;
  pairs: {
    count: number;
    /** Sample of each pair, and which of its captions; a sample without captions is one pair of no tokens. */
    sample: Int32Array;
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
  /** Which modalities the set has at all; absent: image and text. */
  having?: Modality[];
  /** Per modality that some samples lack: 1 for the samples (text: the pairs) that have it. */
  present?: Partial<Record<Modality, Uint8Array>>;
  /** Features of the sound of each sample, standardized per bin by the training split. */
  sound?: {
    frames: number;
    bins: number;
    /** `samples × frames × bins`. */
    values: Float32Array;
    /** Frames that count, of each sample. */
    lengths: Int32Array;
    /** Per bin, of the training split. */
    mean: Float32Array;
    deviation: Float32Array;
  };
  /** Table rows, standardized per column by the training split. */
  table?: {
    columns: string[];
    steps: number;
    /** `samples × steps × columns`; 0 where a cell is missing. */
    values: Float32Array;
    /** 1 for cells that are there. */
    keep: Uint8Array;
    mean: Float32Array;
    deviation: Float32Array;
  };
  /** By pair. Numbers are standardized by the training split: value = target × deviation + mean. */
  target?: Target & { mean: number; deviation: number };
  /** The data's own, where a model knows other classes (data/facts.ts). */
  ownTarget?: Target;
}

/** A batch but for its pictures. */
export interface Rows {
  /** Pair index of each row. */
  pairs: Int32Array;
  /** `batch × textLength`. */
  tokens: Int32Array;
  /** `batch × textLength`: 1 for a token, 0 for padding. */
  keep: Float32Array;
  /** Equal numbers are positives: same sample, same caption. `sampleGroups` are the samples themselves. */
  sampleGroups: Int32Array;
  textGroups: Int32Array;
  /** The other inputs of the graph (models/inputs.ts), by their names: sound, table, presence, target, what objectives draw. */
  more?: Record<string, Float32Array | Int32Array>;
}

/** What a training step takes: rows, and how each picture is looked at. */
export interface Drawn extends Rows {
  views: View[];
  /** The captions that were changed, piece by piece; a hole where one is as it was. */
  words: Part[][];
}

export interface Batch extends Rows {
  /** `batch × size × size × 3`, normalized with the data's mean and deviation. */
  images: Float32Array;
}
