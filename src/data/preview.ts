/** What a reader gives, as a person sees it before anything is decoded. */
import type { Skipped } from '../core/progress.ts';
import type { Modality, Split } from './dataset.ts';
import { targetText } from './having.ts';
import { clockOf } from './media/clock.ts';
import type { ReadResult, Sample } from './readers/reader.ts';

export interface ImportPreview {
  images: number;
  pairs: number;
  /** Samples that name each modality. */
  having: Partial<Record<Modality, number>>;
  /** What is to be predicted, and how many classes there are. */
  target?: { name: string; kind: string; classes: number };
  rows: PreviewRow[];
  skipped: Skipped[];
}

interface PreviewRow {
  file: string;
  captions: string[];
  split?: Split;
  sound?: string;
  /** What is to be predicted for each pair. */
  targets?: string[];
  /** Cells by the names of their columns; those that are missing are left out. */
  cells?: Record<string, number>;
}

/** The sound's file, and which seconds of it. */
const heardOf = (path: string, span: Sample['span']): string =>
  span ? `${path} ${clockOf(span.from)} – ${clockOf(span.to)}` : path;

/** @param rows shown at most */
export function previewOf(result: ReadResult, rows: number): ImportPreview {
  const { samples, skipped, columns, target } = result;
  const count = (test: (sample: Sample) => unknown) => samples.filter(test).length;
  const having = Object.entries({
    image: count(({ source }) => source),
    text: count(({ captions }) => captions.length > 0),
    audio: count(({ sound }) => sound),
    table: count(({ row }) => row?.some((cell) => !Number.isNaN(cell))),
  });
  return {
    images: samples.length,
    pairs: samples.reduce((sum, sample) => sum + Math.max(1, sample.captions.length), 0),
    having: Object.fromEntries(having.filter(([, samples]) => samples > 0)),
    ...(target && { target: { name: target.name, kind: target.kind, classes: target.classes.length } }),
    rows: samples.slice(0, rows).map((sample) => previewRow(sample, columns, target)),
    skipped,
  };
}

function previewRow(
  { file, captions, split, sound, span, row, targets }: Sample,
  columns: ReadResult['columns'],
  target: ReadResult['target'],
): PreviewRow {
  const values = Float32Array.from(targets ?? []);
  const texts = (kind: NonNullable<typeof target>) =>
    Array.from({ length: Math.max(1, captions.length) }, (_, pair) => targetText({ ...kind, values }, pair));
  const cells = columns?.flatMap((name, i) =>
    row && !Number.isNaN(row[i]) ? [[name, row[i]] as const] : [],
  );
  return {
    file,
    captions,
    split,
    ...(sound && { sound: heardOf(sound.path, span) }),
    ...(target && { targets: texts(target) }),
    ...(cells && { cells: Object.fromEntries(cells) }),
  };
}
