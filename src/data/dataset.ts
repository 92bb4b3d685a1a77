/**
 * A data set, as it is kept: samples, each with some of picture, captions, sound and table row, and what is to be predicted. Pictures are
 * square RGB of one stored size; the captions of a sample are together (they are several positives, never rivals).
 */
import type { Cleaning } from '../core/cleaning.ts';
import type { Edits } from '../core/edits.ts';
import type { Skipped } from '../core/progress.ts';
import type { PixelDraft } from './pixelDraft.ts';
import type { FilePlace, Pixels } from './pixels.ts';

export type Split = 'train' | 'validation' | 'test';

/** What a model can be given. */
export const modalities = ['image', 'text', 'audio', 'table'] as const;
export type Modality = (typeof modalities)[number];

/** Mono sound, all clips at one rate. */
export interface Sound {
  /** Samples per second. */
  rate: number;
  /** All clips one after another, −32768 … 32767. */
  samples: Int16Array;
  /** Where each sample's clip begins, and at the end the length of all: `files.length + 1`. An empty clip: the sample has no sound. */
  offsets: Int32Array;
}

/** A row of numbers per sample, or a series of such rows. */
export interface Table {
  columns: string[];
  /** Rows per sample: 1 for a plain table, more for a series. */
  steps: number;
  /** `files.length × steps × columns.length`; NaN where a cell is missing. */
  values: Float32Array;
}

/** What is to be predicted, for each pair (a sample with one of its captions, or a sample without any). */
export interface Target {
  /** As the files call it (`label`, `answer`). */
  name: string;
  /** One of several classes, any of several labels, or a number. */
  kind: 'class' | 'labels' | 'number';
  /** Of `class` and `labels`. */
  classes: string[];
  /** Pairs in order of samples and captions. `class`: index, −1 unknown; `labels`: pairs × classes of 0 and 1; `number`: NaN unknown. */
  values: Float32Array;
}

export interface Dataset {
  id: string;
  name: string;
  /** `builtin:shapes`, or the id of the reader that made it. */
  source: string;
  /** SHA-256, hex, over all that a model can see and the stated splits. */
  fingerprint: string;
  /** Side of the stored pictures, pixels; 0 where no sample has one. */
  size: number;
  /** RGB bytes, `files.length × size × size × 3`, row-major; zeros where a sample has none. */
  pixels: Pixels;
  /** What tells each picture from others (`printsOf`), two numbers a picture; kept where reading all of them takes long. */
  prints?: Uint32Array;
  /** 0 for samples without a picture; absent where all (or, with size 0, none) have one. */
  pictured?: Uint8Array;
  /** Width and height in pixels that each picture has in its file, as stored there: `files.length × 2`, zeros where unknown. */
  shown?: Int32Array;
  /** Path or name of each sample. */
  files: string[];
  /** The captions (or questions) of each sample, trimmed; none where it has no text. */
  captions: string[][];
  sound?: Sound;
  table?: Table;
  target?: Target;
  /** The split that the files state, where they state one. */
  stated: (Split | undefined)[];
  /** Where each sample came from (a column `source`, else the top folder or archive); absent where all came from one place. */
  sources?: string[];
  /** How pictures were made square, and what is behind transparency; `crop` and white where nothing had to be done. */
  fit?: 'crop' | 'pad' | 'stretch';
  background?: string;
  /** Indices of the samples that the set's cleaning leaves out, ascending; kept so that lists need not run its rules again. */
  dropped?: Int32Array;
  /** What a person changed in captions, and what was there before (data/edits.ts). */
  edits?: Edits;
  original?: Pick<Dataset, 'fingerprint' | 'captions' | 'target'>;
}

export interface DatasetSummary {
  id: string;
  name: string;
  /** `builtin:shapes`, or the reader's id. */
  source: string;
  /** SHA-256 over all that a model can see and the stated splits, hex. */
  fingerprint: string;
  /** Samples; the name is from when each was a picture. */
  images: number;
  pairs: number;
  /** Samples that have each modality; absent in summaries of older versions: pictures and captions, all of them. */
  having?: Partial<Record<Modality, number>>;
  table?: { columns: string[]; steps: number };
  target?: { name: string; kind: Target['kind']; classes: string[] };
  /** What the person set for this data; absent until then. */
  cleaning?: Cleaning;
  /** Samples that it leaves out. */
  dropped?: number;
  /** What the person changed in captions, and the fingerprint before. */
  edits?: Edits;
  original?: string;
  /** Samples that stay. */
  splits: Record<Split, number>;
  /** Side of the stored square pictures, pixels. */
  storedSize: number;
  bytes: number;
  createdAt: number;
  skipped: Skipped[];
}

/** What a set takes of the disk, bytes. */
export interface StoredBytes {
  id: string;
  name: string;
  bytes: number;
  /** Of it, what can be made again: pictures at other sides. */
  remade: number;
}

/** What reads kept data sets. */
export type DatasetReader = Pick<DatasetStore, 'list' | 'load' | 'pixels'>;

/** Where data sets are kept: OPFS in a browser (data/store.browser.ts), a folder or memory under Node. */
export interface DatasetStore {
  list(): Promise<DatasetSummary[]>;
  /** Pictures that would take too much memory stay in their file. @throws StudioError `dataset-missing` */
  load(id: string): Promise<Dataset>;
  /** @throws StudioError `quota-exceeded`, `dataset-busy` */
  save(dataset: Dataset, skipped: Skipped[]): Promise<void>;
  /**
   * Where the pictures of a set to be are written. With an `id` they lie in a file of the set of that name; `save` then writes the rest.
   * @param bytes of a picture
   */
  draft(count: number, bytes: number): Promise<{ pixels: PixelDraft; id?: string }>;
  /** Pictures that lie in a file, opened in this worker. @throws StudioError `dataset-missing` */
  pixels(place: FilePlace): Promise<Pixels>;
  /** A set's pictures at another side, where `draftResized` has kept them. */
  resized(id: string, side: number, length: number): Promise<Pixels | undefined>;
  /** To be written in order: a file that is shorter than it should be counts as absent. */
  draftResized(id: string, side: number, count: number): Promise<PixelDraft>;
  sizes(): Promise<StoredBytes[]>;
  /** Lets go of what can be made again; what an open run reads stays. */
  free(id: string): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  /**
   * Keeps a cleaning with a stored set, which samples it leaves out (`dropped`), and its edits; nothing else of the set is written.
   * @throws StudioError `dataset-missing`
   */
  clean(dataset: Dataset, cleaning: Cleaning): Promise<void>;
  remove(id: string): Promise<void>;
}
