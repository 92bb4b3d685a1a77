/**
 * What a reader is: it looks at a tree of files and says whether and how it would read them, and then reads them.
 * Options are the guess made visible; `fields` is the form that corrects it. Reading decodes no picture: it only
 * pairs files with words, so that a preview is quick and a wrong guess costs nothing.
 */
import type { Field, FieldValues, Text } from '../../core/fields.ts';
import type { Skipped } from '../../core/progress.ts';
import type { Split, Target } from '../dataset.ts';
import type { Frame } from '../image/resize.ts';
import type { Span } from '../media/facts.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';

export interface Sample {
  /** The picture's file, where it has one; a film where `moment` says which of its frames is meant. */
  source?: SourceFile;
  /** Second on the film's clock. */
  moment?: number;
  /** The part of the picture that is meant, in its pixels. */
  box?: Frame;
  /** The sound's file; a film's or a recording's where `span` says which part of it is meant. */
  sound?: SourceFile;
  /** Seconds on that file's clock. */
  span?: Span;
  /** Its name as the data set spells it; unique among the samples. */
  file: string;
  /** Trimmed, none twice. */
  captions: string[];
  /** Its cells of `ReadResult.columns`; NaN where one is missing. */
  row?: number[];
  /** Of `ReadResult.target`, pair after pair, as `Target.values` has them. */
  targets?: number[];
  /** The split that the files state. */
  split?: Split;
  /** Where the sample came from, as a column `source` says; else its folder or archive tells (data/origins.ts). */
  origin?: string;
  /** It does not live on where its picture or sound fails, whatever `ReadResult.partial` says. */
  whole?: boolean;
}

export interface Detection {
  /** 0 … 1. */
  confidence: number;
  options: FieldValues;
  fields: Field[];
  /** Side of the pictures in pixels, where the files state it. */
  size?: number;
}

export interface ReadResult {
  samples: Sample[];
  skipped: Skipped[];
  /** Names of the cells of each sample's row; of a series, of each of its steps. */
  columns?: string[];
  /** Steps of a series: rows are `steps × columns`. 1 where not stated. */
  steps?: number;
  target?: Omit<Target, 'values'>;
  /** A sample whose picture or sound fails lives on with what else it has. */
  partial?: boolean;
}

export interface Reader {
  id: string;
  title: Text;
  summary: Text;
  /** How it would read these files; undefined where nothing speaks for it. */
  detect(tree: FileTree): Promise<Detection | undefined>;
  /** Options that are absent, or name a column that is not there, are guessed. */
  read(tree: FileTree, options: FieldValues): Promise<ReadResult>;
}
