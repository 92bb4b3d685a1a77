/**
 * From files to a data set: guess the layout, show what the guess gives, then decode. A picture or a sound that cannot be used is
 * listed and the rest goes on; only an import that leaves nothing fails.
 */
import { asStudioError, StudioError } from '../core/errors.ts';
import type { Field, FieldValues, Text } from '../core/fields.ts';
import type { Skipped } from '../core/progress.ts';
import type { Dataset } from './dataset.ts';
import { type DecodeTools, decodeSamples } from './decodeSamples.ts';
import { type Content, fingerprintOf } from './fingerprint.ts';
import type { PictureOptions } from './image/resize.ts';
import { merged } from './merge.ts';
import { originsOf } from './origins.ts';
import { packNumbers } from './pack.ts';
import { type ImportPreview, previewOf } from './preview.ts';
import { readerById, readers } from './readers/index.ts';
import type { ReadResult } from './readers/reader.ts';
import { joinClips } from './sounds.ts';
import type { FileTree } from './sources/tree.ts';

export interface ReaderGuess {
  reader: string;
  title: Text;
  confidence: number;
  options: FieldValues;
  fields: Field[];
  /** Side of the pictures in pixels, where the files state it. */
  size?: number;
}

export type ImportTools = DecodeTools;

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
function whatIsThere({ files, skipped }: FileTree): string {
  const [first] = skipped;
  const left = first ? ` ${skipped.length} could not be read; the first: ${toldOf(first)}` : '';
  if (files.length === 0) return first ? `No file can be read.${left}` : 'There are no files.';
  const examples = files.slice(0, 3).map((file) => file.path);
  return `Files such as ${examples.join(', ')} (${files.length} in all), and no captions for pictures among them.${left}`;
}

const toldOf = ({ file, params }: Skipped): string =>
  `${file} (${params['message'] ?? (params['limit'] ? `more than ${params['limit']}` : 'it cannot be used')}).`;

async function readWith(tree: FileTree, reader: string, options: FieldValues): Promise<ReadResult> {
  const found = readerById(reader);
  if (!found)
    throw new StudioError('bad-argument', { argument: reader, message: 'there is no reader of this name' });
  const result = await found.read(tree, options);
  return { ...result, skipped: [...tree.skipped, ...result.skipped] };
}

/** A tree of files and how it is read. */
export interface Source {
  tree: FileTree;
  reader: string;
  options: FieldValues;
}

/** What all sources give together. @throws StudioError `sources-unfit`, and of readers */
async function readAll(sources: readonly Source[]): Promise<ReadResult> {
  const reads = [];
  for (const { tree, reader, options } of sources)
    reads.push({ name: tree.name, result: await readWith(tree, reader, options) });
  return merged(reads);
}

/** What several sources would give as one set, nothing decoded yet. @throws StudioError `sources-unfit` */
export async function previewSources(sources: readonly Source[], rows = 5): Promise<ImportPreview> {
  return previewOf(await readAll(sources), rows);
}

/** What a reader would give, nothing decoded yet. */
export async function previewImport(
  tree: FileTree,
  reader: string,
  options: FieldValues,
  rows = 50,
): Promise<ImportPreview> {
  return previewOf(await readWith(tree, reader, options), rows);
}

/**
 * Reads, decodes and resizes; stores nothing.
 * @throws StudioError `data-empty` where nothing is usable, `cancelled`
 */
export const importDataset = (
  tree: FileTree,
  reader: string,
  options: FieldValues,
  store: PictureOptions & { name: string },
  tools: ImportTools,
): Promise<{ dataset: Dataset; skipped: Skipped[] }> =>
  importSources([{ tree, reader, options }], store, tools);

/**
 * The same of several sources, which become one set.
 * @throws StudioError `sources-unfit`, `data-empty`, `cancelled`
 */
export async function importSources(
  sources: readonly Source[],
  store: PictureOptions & { name: string },
  tools: ImportTools,
): Promise<{ dataset: Dataset; skipped: Skipped[] }> {
  const { signal } = tools;
  const cancelled = () => {
    if (signal?.aborted) throw new StudioError('cancelled', { what: store.name });
  };
  cancelled();
  tools.onProgress?.({ phase: 'list', done: 0, total: 0 });
  const result = await readAll(sources);
  const { samples, skipped, partial = false } = result;
  cancelled();
  if (samples.length === 0) throw nothingUsable(skipped);

  const { size, pixels, id, pictured, clips, shown, failures } = await decodeSamples(samples, store, tools);

  skipped.push(...failures.flat());
  const kept = Uint8Array.from(samples, ({ captions, row, whole }, index) => {
    if (!partial || whole) return failures[index].length === 0 ? 1 : 0;
    const left = captions.length > 0 || row?.some((cell) => !Number.isNaN(cell));
    return pictured[index] === 1 || clips[index] || left ? 1 : 0;
  });
  const remaining = <T>(list: ArrayLike<T>) => Array.from(list).filter((_, index) => kept[index] === 1);
  const usable = remaining(samples);
  if (usable.length === 0) {
    await pixels.discard();
    throw nothingUsable(skipped);
  }
  const having = Uint8Array.from(remaining(pictured));
  const some = having.includes(1);
  const content: Content = {
    size: some ? size : 0,
    pixels: await pixels.finish(some ? kept : new Uint8Array(samples.length)),
    captions: usable.map((sample) => sample.captions),
    stated: usable.map((sample) => sample.split),
    ...(some && having.includes(0) && { pictured: having }),
    ...packNumbers(usable, result),
  };
  const sound = joinClips(remaining(clips));
  if (sound) content.sound = sound;
  const fingerprint = await fingerprintOf(content);
  const origins = originsOf(usable);
  const dataset: Dataset = {
    id: id ?? `${fingerprint.slice(0, 8)}-${crypto.randomUUID().slice(0, 4)}`,
    name: store.name,
    source: [...new Set(sources.map(({ reader }) => reader))].join(' + '),
    fingerprint,
    files: usable.map((sample) => sample.file),
    ...content,
    ...(origins && { sources: origins }),
    ...(some && { shown: shown.filter((_, i) => kept[i >> 1] === 1) }),
    fit: store.fit,
    background: store.background,
  };
  return { dataset, skipped };
}

function nothingUsable(skipped: readonly Skipped[]): StudioError {
  if (skipped.length === 0) return new StudioError('data-empty', { message: 'No pairs were found.' });
  // What happened most is what there is to mend.
  const times = (code: Skipped['code']) => skipped.filter((one) => one.code === code).length;
  const codes = [...new Set(skipped.map(({ code }) => code))].sort((a, b) => times(b) - times(a));
  const { file, code, params } = skipped.find((one) => one.code === codes[0]) ?? skipped[0];
  const cause = new StudioError(code, params);
  if (skipped.every((one) => one.code === 'file-missing' && /^https?:/.test(one.file)))
    return new StudioError('data-empty', {
      message: `The table holds ${skipped.length} links and no pictures, and nothing is fetched from the network unasked. Drop the pictures too, which are matched by name, or switch fetching on.`,
    });
  const message = `Nothing of ${skipped.length} could be used; ${file}: ${cause.params['message'] ?? cause.message}`;
  return new StudioError('data-empty', { message }, { cause });
}
