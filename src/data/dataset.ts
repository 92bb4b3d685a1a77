/**
 * A data set of pictures with captions, as it is kept: square RGB pictures of one stored size, the captions of each
 * picture together (they are several positives, never rivals), and the split of each picture.
 */
import type { Skipped } from '../core/progress.ts';

export type Split = 'train' | 'validation' | 'test';

export interface ImageTextDataset {
  id: string;
  name: string;
  /** `builtin:shapes`, or the id of the reader that made it. */
  source: string;
  /** SHA-256, hex, over pixels, captions and stated splits. */
  fingerprint: string;
  /** Side of the stored pictures, pixels. */
  size: number;
  /** RGB bytes, `files.length × size × size × 3`, row-major. */
  pixels: Uint8Array;
  /** Path of each picture. */
  files: string[];
  /** The captions of each picture, at least one each, trimmed. */
  captions: string[][];
  /** The split that the files state, where they state one. */
  stated: (Split | undefined)[];
  /** How pictures were made square, and what is behind transparency; `crop` and white where nothing had to be done. */
  fit?: 'crop' | 'pad' | 'stretch';
  background?: string;
}

export interface DatasetSummary {
  id: string;
  name: string;
  /** `builtin:shapes`, or the reader's id. */
  source: string;
  /** SHA-256 over pictures, captions and splits, hex. */
  fingerprint: string;
  images: number;
  pairs: number;
  splits: Record<Split, number>;
  /** Side of the stored square pictures, pixels. */
  storedSize: number;
  bytes: number;
  createdAt: number;
  skipped: Skipped[];
}

/** Where data sets are kept: OPFS in a browser (data/store.browser.ts), a folder or memory under Node. */
export interface DatasetStore {
  list(): Promise<DatasetSummary[]>;
  /** @throws StudioError `dataset-missing` */
  load(id: string): Promise<ImageTextDataset>;
  save(dataset: ImageTextDataset, skipped: Skipped[]): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  remove(id: string): Promise<void>;
}
