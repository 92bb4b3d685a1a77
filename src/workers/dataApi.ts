/** What the page asks of the data worker: looking at what was dropped, storing it, and the samples of what is stored. */
import type { Cleaning } from '../core/cleaning.ts';
import type { Edits } from '../core/edits.ts';
import type { Field, FieldValues, Text } from '../core/fields.ts';
import type { OnProgress, Skipped } from '../core/progress.ts';
import type { Recipe } from '../core/recipe.ts';
import type { ChosenTokenizer } from '../core/tokenizer.ts';
import type { Facets, SampleFilter } from '../data/browse.ts';
import type { Form } from '../data/card.ts';
import type { CleaningReport, RuleReport } from '../data/cleaning/report.ts';
import type { Rule } from '../data/cleaning/rule.ts';
import type { DatasetSummary, Modality, Split, StoredBytes } from '../data/dataset.ts';
import type { Divided } from '../data/divided.ts';
import type { GroupCounts } from '../data/groupCounts.ts';
import type { Spread, Statistics } from '../data/statistics.ts';
import type { TextData } from '../data/text/learned.ts';
import type { TokenizedText } from '../data/text/tokens.ts';
import type { SampleViews, Seen } from '../data/views.ts';
import type { Catalog } from '../training/catalog.ts';

export type {
  ChosenTokenizer,
  Divided,
  Edits,
  Facets,
  Form,
  GroupCounts,
  SampleFilter,
  SampleViews,
  Seen,
  Spread,
  Statistics,
  TextData,
  TokenizedText,
};

/** A dropped or picked file; `path` is relative to what was dropped, with forward slashes. */
export interface DroppedFile {
  path: string;
  file: File;
}

/** What a reader needs to be told; guessed first, correctable on the page. */
export interface ReaderOptions {
  [key: string]: string | number | boolean;
}

/** One way to read what was dropped. `options` are the guess; `fields` is the form that corrects it. */
export interface ReaderGuess {
  reader: string;
  title: Text;
  /** 0 … 1; the first guess of a plan is the most likely. */
  confidence: number;
  options: ReaderOptions;
  fields: Field[];
  /** Side of the pictures in pixels, where the files state it. */
  size?: number;
}

/** The first rows a guess would give, before anything is decoded. */
export interface ImportPreview {
  images: number;
  pairs: number;
  /** Samples that name each modality. */
  having: Partial<Record<Modality, number>>;
  /** What is to be predicted, and how many classes there are. */
  target?: { name: string; kind: string; classes: number };
  rows: {
    file: string;
    captions: string[];
    split?: Split;
    /** The sound's file. */
    sound?: string;
    /** What is to be predicted for each pair; empty where unknown. */
    targets?: string[];
    /** By column; missing cells are left out. */
    cells?: Record<string, number>;
  }[];
  skipped: Skipped[];
}

export interface ImportPlan {
  /** Handle for `preview` and `importPlans`; the worker keeps the files until `forget`. */
  id: string;
  name: string;
  files: number;
  bytes: number;
  guesses: ReaderGuess[];
}

/** A plan and how it is read. */
export interface SourceChoice {
  plan: string;
  reader: string;
  options: ReaderOptions;
}

export interface SampleView {
  /** Index of the sample in the data set. */
  index: number;
  file: string;
  captions: string[];
  split: Split;
  /** What the sample has. */
  having: Modality[];
  /** What is to be predicted for each pair; empty where unknown. */
  targets?: string[];
  /** Of its sound. */
  seconds?: number;
  /** Its table cells by column; missing ones are left out. */
  cells?: Record<string, number>;
  /** The set's cleaning leaves it out. */
  dropped?: boolean;
  /** Its captions were changed by hand. */
  edited?: boolean;
}

/** All of a sample. */
export interface SampleDetails extends SampleView {
  /** Pixels of the picture in its file. */
  shown?: { width: number; height: number };
  source?: string;
  /** The split that the files state. */
  stated?: Split;
  /** Its captions before they were changed. */
  before?: string[];
}

/** Small pictures side by side, row by row, in one image that the page draws from. */
export interface Sheet {
  image: ImageBitmap;
  size: number;
  columns: number;
}

/** Pictures as RGB bytes, row-major, `count × size × size × 3`. */
export interface Thumbnails {
  size: number;
  indices: number[];
  pixels: Uint8Array;
}

/** How pictures are made square when stored. */
export interface StoreOptions {
  /** Side of the stored picture, pixels. */
  size: number;
  /** `crop`: centre square; `pad`: whole picture on the background; `stretch`. */
  fit: 'crop' | 'pad' | 'stretch';
  /** Behind transparent pixels and padding, `#rrggbb`. */
  background: string;
}

/** A built-in data set; `fields` is the form of its options. */
export interface BuiltInEntry {
  name: string;
  title: Text;
  summary: Text;
  modalities: Modality[];
  fields: Field[];
  /** Id of the set that the defaults make. */
  id: string;
}

export type { Cleaning } from '../core/cleaning.ts';
export type { CleaningReport, Example, RuleReport } from '../data/cleaning/report.ts';

/** A cleaning rule as it is offered; `fields` is the form of its settings. */
export type RuleEntry = Pick<Rule, 'type' | 'title' | 'summary' | 'measure' | 'needs' | 'fields'>;

export interface DataApi {
  /** Everything that a recipe can be made of, with its words. */
  catalog(): Promise<Catalog>;
  /**
   * Looks at what was dropped (zips included) and says which readers fit, best first: one plan, or several where each folder, archive or table is complete in
   * itself. `together` makes one of it all the same.
   */
  plan(files: DroppedFile[], together: boolean, job: string, onProgress?: OnProgress): Promise<ImportPlan[]>;
  preview(plan: string, reader: string, options: ReaderOptions): Promise<ImportPreview>;
  /** What several sources would give as one set; an error says which does not fit and why. */
  previewAll(choices: SourceChoice[]): Promise<ImportPreview>;
  /** Decodes, resizes and stores the sources as one set; a file that cannot be read is listed and the rest goes on. */
  importPlans(
    choices: SourceChoice[],
    store: StoreOptions & { name: string },
    job: string,
    onProgress?: OnProgress,
  ): Promise<DatasetSummary>;
  forget(plan: string): Promise<void>;
  /** The built-in data sets, to be made by `generate`. */
  builtIns(): Promise<BuiltInEntry[]>;
  /** Makes a built-in data set (`shapes`); returns the stored one when it was made before. */
  generate(name: string, options: FieldValues, job: string, onProgress?: OnProgress): Promise<DatasetSummary>;
  cancel(job: string): Promise<void>;
  list(): Promise<DatasetSummary[]>;
  /** What the browser's private storage holds, bytes; `quota` is what it allows. */
  storage(): Promise<{
    used: number;
    quota: number;
    sets: StoredBytes[];
    /** Features of frozen encoders, and tokenizers of files: how many. */
    features: { count: number; bytes: number };
    tokenizers: { count: number; bytes: number };
  }>;
  /** Lets go of the features of frozen encoders; runs that need them compute them again. */
  freeFeatures(): Promise<void>;
  /** Lets go of what can be made again of a set. */
  free(dataset: string): Promise<void>;
  rename(dataset: string, name: string): Promise<void>;
  remove(dataset: string): Promise<void>;
  /** All cleaning rules, in the order in which they are offered. */
  cleaningRules(): Promise<RuleEntry[]>;
  /** What the set's own cleaning does. */
  cleaning(dataset: string, job: string, onProgress?: OnProgress): Promise<CleaningReport>;
  /** Keeps a cleaning with the set, and edits of captions where they are given; a cancelled one changes nothing. */
  clean(
    dataset: string,
    cleaning: Cleaning,
    job: string,
    onProgress?: OnProgress,
    edits?: Edits,
  ): Promise<CleaningReport>;
  /** What each rule would leave out by itself, on or off; changes nothing. */
  surveyCleaning(
    dataset: string,
    rules: Cleaning['rules'],
    job: string,
    onProgress?: OnProgress,
  ): Promise<RuleReport[]>;
  /** A window of the samples that a filter finds, in its order. */
  samples(
    dataset: string,
    range: SampleFilter & { offset: number; limit: number },
  ): Promise<{ total: number; samples: SampleView[] }>;
  /** What there is to choose filters from. */
  facets(dataset: string): Promise<Facets>;
  sample(dataset: string, index: number): Promise<SampleDetails>;
  /** Texts as a recipe's tokenizer makes them, learned from the set where the recipe names none. */
  tokens(dataset: string, data: TextData, texts: string[]): Promise<TokenizedText[]>;
  /** Tokenizers of files that are kept here, to be named by recipes. */
  tokenizers(): Promise<ChosenTokenizer[]>;
  /** Keeps a `tokenizer.json`, CLIP's vocabulary, or `vocab.json` with `merges.txt`. */
  addTokenizer(files: File[]): Promise<ChosenTokenizer>;
  removeTokenizer(fingerprint: string): Promise<void>;
  /** The groups of a set's training samples under a recipe, with how many each has. */
  groups(dataset: string, recipe: Pick<Recipe, 'data' | 'encoders'>): Promise<GroupCounts>;
  /** What a recipe's way of splitting makes of a set: samples and classes by split. */
  divide(dataset: string, split: Recipe['data']['split']): Promise<Divided>;
  /** A training sample beside six views of it under a recipe's augmentation: another sample for each `place`, other draws for each `seed`. */
  views(dataset: string, recipe: Recipe, place: number, seed: number): Promise<SampleViews>;
  /** What a set is made of; tokens as the recipe would make them. */
  statistics(dataset: string, data: TextData, job: string, onProgress?: OnProgress): Promise<Statistics>;
  /** Writes a set as one zip into a file; without one the zip is given back. */
  write(
    dataset: string,
    form: Form,
    file: FileSystemFileHandle | undefined,
    job: string,
    onProgress?: OnProgress,
  ): Promise<Blob | undefined>;
  thumbnails(dataset: string, indices: number[], size: number): Promise<Thumbnails>;
  /** The same as one image, with the outlines of sounds that stand without a picture. */
  sheet(dataset: string, indices: number[], size: number): Promise<Sheet>;
  /** The sound of a sample, −1 … 1, mono; undefined where it has none. */
  sound(dataset: string, index: number): Promise<{ rate: number; samples: Float32Array } | undefined>;
}
