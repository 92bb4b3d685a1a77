/**
 * What an export declares: one object each, from which come its card and form on the page, its row in `npm run export -- --help` and its checks. All of
 * them start from a model's own zip (interchange/bundle.ts), so that page, command line and tests write the same bytes.
 */
import type { Checked, Snippet } from '../core/exporting.ts';
import type { Field, FieldValues, Text } from '../core/fields.ts';
import type { OnProgress } from '../core/progress.ts';
import type { ModelBundle } from '../interchange/bundle.ts';

export type { Checked } from '../core/exporting.ts';

/** A file of what is written; `path` with `/` between folders. */
export interface ExportFile {
  path: string;
  bytes: Uint8Array;
}

/** Progress and the end of long work. */
export interface Working {
  progress: OnProgress;
  /** Throws its reason once the person has cancelled: asked between steps of the work. */
  signal: AbortSignal;
}

export interface ExportDefinition {
  /** Its name on the command line (`--to onnx`). */
  type: string;
  title: Text;
  /** One sentence: who reads it. */
  summary: Text;
  /** Format and version, with its definition. */
  source: string;
  fields: Field[];
  /** Why this model cannot be written so; undefined where it can. */
  unfit?(bundle: ModelBundle): Text | undefined;
  /** @throws StudioError `export-unfit` */
  write(bundle: ModelBundle, fields: FieldValues, working: Working): Promise<ExportFile[]>;
  /** Reads the written files as their reader will, and compares what comes out with the float64 meaning of the graph. */
  check?(
    files: readonly ExportFile[],
    bundle: ModelBundle,
    fields: FieldValues,
    working: Working,
  ): Promise<Checked[]>;
  /** The few lines with which a person begins. */
  use(bundle: ModelBundle, fields: FieldValues): Snippet;
}
