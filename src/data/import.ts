/**
 * From files to a data set: guess the layout, show what the guess gives, then decode. A picture that cannot be used is
 * listed and the rest goes on; only an import that leaves nothing fails.
 */
import { asStudioError, StudioError } from '../core/errors.ts';
import type { Field, FieldValues, Text } from '../core/fields.ts';
import type { OnProgress, Skipped } from '../core/progress.ts';
import type { Dataset, Split } from './dataset.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { DecodePicture } from './image/decode.ts';
import type { PictureOptions } from './image/resize.ts';
import { createMeter } from './rate.ts';
import { readerById, readers } from './readers/index.ts';
import type { ReadResult, Sample } from './readers/reader.ts';
import type { FileTree } from './sources/tree.ts';

export interface ReaderGuess {
  reader: string;
  title: Text;
  confidence: number;
  options: FieldValues;
  fields: Field[];
}

export interface ImportPreview {
  images: number;
  pairs: number;
  rows: { file: string; captions: string[]; split?: Split }[];
  skipped: Skipped[];
}

export interface ImportTools {
  decode: DecodePicture;
  /** Pictures decoded at a time; 4 where not stated. */
  parallel?: number;
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

/**
 * The readers that fit, most confident first.
 * @throws StudioError `data-unknown-layout`
 */
export async function planImport(tree: FileTree): Promise<ReaderGuess[]> {
  const guesses: ReaderGuess[] = [];
  let failure: StudioError | undefined;
  for (const reader of readers) {
    try {
      const found = await reader.detect(tree);
      if (found) guesses.push({ reader: reader.id, title: reader.title, ...found });
    } catch (error) {
      failure ??= asStudioError(error);
    }
  }
  if (guesses.length > 0) return guesses.sort((a, b) => b.confidence - a.confidence);
  if (failure) throw failure;
  throw new StudioError('data-unknown-layout', { message: whatIsThere(tree) });
}

/** What is there, for a person who wonders why nothing fits. */
function whatIsThere(tree: FileTree): string {
  const [first] = tree.skipped;
  if (tree.files.length === 0)
    return first ? `No file can be read; the first is ${first.file}.` : 'There are no files.';
  const examples = tree.files.slice(0, 3).map((file) => file.path);
  return `${tree.files.length} files, such as ${examples.join(', ')}, and no captions for pictures among them.`;
}

async function readWith(tree: FileTree, reader: string, options: FieldValues): Promise<ReadResult> {
  const found = readerById(reader);
  if (!found)
    throw new StudioError('bad-argument', { argument: reader, message: 'there is no reader of this name' });
  const { samples, skipped } = await found.read(tree, options);
  return { samples, skipped: [...tree.skipped, ...skipped] };
}

/** What a reader would give, nothing decoded yet. */
export async function previewImport(
  tree: FileTree,
  reader: string,
  options: FieldValues,
  rows = 50,
): Promise<ImportPreview> {
  const { samples, skipped } = await readWith(tree, reader, options);
  return {
    images: samples.length,
    pairs: samples.reduce((sum, sample) => sum + sample.captions.length, 0),
    rows: samples.slice(0, rows).map(({ file, captions, split }) => ({ file, captions, split })),
    skipped,
  };
}

/**
 * Reads, decodes and resizes; stores nothing.
 * @throws StudioError `data-empty` where nothing is usable, `cancelled`
 */
export async function importDataset(
  tree: FileTree,
  reader: string,
  options: FieldValues,
  store: PictureOptions & { name: string },
  tools: ImportTools,
): Promise<{ dataset: Dataset; skipped: Skipped[] }> {
  const { signal } = tools;
  const cancelled = () => {
    if (signal?.aborted) throw new StudioError('cancelled', { what: store.name });
  };
  cancelled();
  tools.onProgress?.({ phase: 'list', done: 0, total: 0 });
  const { samples, skipped } = await readWith(tree, reader, options);
  cancelled();
  if (samples.length === 0) throw nothingUsable(skipped);

  const { size } = store;
  const bytes = size * size * 3;
  const all = allocate(samples.length * bytes);
  const kept = new Uint8Array(samples.length);
  const failures: Skipped[][] = samples.map(() => []);
  const meter = createMeter('decode', samples.length, tools.onProgress);
  let next = 0;
  const work = async () => {
    while (next < samples.length) {
      cancelled();
      const index = next++;
      const { source, file } = samples[index];
      try {
        all.set(await tools.decode(await source.read(), file, store), index * bytes);
        kept[index] = 1;
      } catch (error) {
        const failure = asStudioError(error);
        if (failure.code === 'cancelled') throw failure;
        failures[index].push({ file, code: failure.code, params: failure.params });
      }
      meter.advance();
    }
  };
  await Promise.all(Array.from({ length: tools.parallel ?? 4 }, work));
  cancelled();

  skipped.push(...failures.flat());
  const usable = samples.filter((_, index) => kept[index] === 1);
  if (usable.length === 0) throw nothingUsable(skipped);
  const dataset = await assemble(usable, compact(all, kept, bytes), size, store.name, reader);
  return { dataset: { ...dataset, fit: store.fit, background: store.background }, skipped };
}

async function assemble(
  samples: readonly Sample[],
  pixels: Uint8Array,
  size: number,
  name: string,
  source: string,
): Promise<Dataset> {
  const captions = samples.map((sample) => sample.captions);
  const stated = samples.map((sample) => sample.split);
  const fingerprint = await fingerprintOf({ size, pixels, captions, stated });
  const files = samples.map((sample) => sample.file);
  const id = `${fingerprint.slice(0, 8)}-${crypto.randomUUID().slice(0, 4)}`;
  return { id, name, source, fingerprint, size, pixels, files, captions, stated };
}

/** Moves the pictures that were decoded together, in place. */
function compact(all: Uint8Array, kept: Uint8Array, bytes: number): Uint8Array {
  let count = 0;
  for (let index = 0; index < kept.length; index++) {
    if (kept[index] === 0) continue;
    if (count !== index) all.copyWithin(count * bytes, index * bytes, (index + 1) * bytes);
    count++;
  }
  return count === kept.length ? all : all.slice(0, count * bytes);
}

function allocate(bytes: number): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    const mebibytes = (value: number) => `${Math.round(value / 2 ** 20)} MiB`;
    throw new StudioError(
      'out-of-memory',
      { tensor: 'pictures', needed: mebibytes(bytes), limit: 'less' },
      { cause },
    );
  }
}

function nothingUsable(skipped: readonly Skipped[]): StudioError {
  if (skipped.length === 0) return new StudioError('data-empty', { message: 'No pairs were found.' });
  const [{ file, code, params }] = skipped;
  const cause = new StudioError(code, params);
  if (skipped.every((one) => one.code === 'file-missing' && /^https?:/.test(one.file)))
    return new StudioError('data-empty', {
      message: `The table holds ${skipped.length} links and no pictures, and nothing is fetched from the network. Drop the pictures too; they are matched by name.`,
    });
  const message = `Nothing of ${skipped.length} could be used; first ${file}: ${cause.message}`;
  return new StudioError('data-empty', { message }, { cause });
}
