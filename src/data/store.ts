/**
 * How data sets are kept, the same in a browser, in a folder and in memory: each in a folder of its own with
 * `pixels.bin`, `samples.json`, `meta.json` and the files of further parts (store.parts.ts). `meta.json` is written last and removed first, and a set without it
 * does not exist: whatever is cut short leaves no half set behind.
 */
import { asStudioError, StudioError } from '../core/errors.ts';
import type { Skipped } from '../core/progress.ts';
import type { Dataset, DatasetStore, DatasetSummary } from './dataset.ts';
import { unedited, withEdits } from './edits.ts';
import { countHaving, firstPairs } from './having.ts';
import { draftInMemory, type PixelDraft } from './pixelDraft.ts';
import { FilePixels, type FilePlace, heldBytes, type Pixels, printsOf } from './pixels.ts';
import { countSplits, shownSplits } from './splits.ts';
import { type PartFacts, partBytes, partFacts, partFiles, readParts } from './store.parts.ts';

/** The few file operations that a store stands on. Paths are `folder/file`. */
export interface StoreFiles {
  folders(): Promise<string[]>;
  /** Undefined where there is no such file. */
  read(folder: string, file: string): Promise<Uint8Array | undefined>;
  write(folder: string, file: string, bytes: Uint8Array): Promise<void>;
  removeFile(folder: string, file: string): Promise<void>;
  removeFolder(folder: string): Promise<void>;
}

/** Pictures may be more than memory holds. */
export interface DatasetFiles extends StoreFiles {
  /** More than `heldBytes` stay in the file. Undefined where there is no such file. */
  pixels(place: FilePlace): Promise<Pixels | undefined>;
  /** Bytes of each file of a folder. */
  sizes(folder: string): Promise<Record<string, number>>;
  /** @param bytes of a picture */
  draft(place: FilePlace, bytes: number, count: number): Promise<PixelDraft>;
}

interface Meta {
  format: 'amalgam-dataset/1';
  summary: DatasetSummary;
}

type Samples = Pick<Dataset, 'files' | 'captions' | 'stated' | 'sources' | 'fit' | 'background'> & PartFacts;

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** A JSON file; undefined where it is absent or damaged. */
async function readJson<T>(files: StoreFiles, folder: string, file: string): Promise<T | undefined> {
  const bytes = await files.read(folder, file);
  if (!bytes) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    return undefined;
  }
}

/** @param held bytes of pictures that are held in memory */
export function createStore(files: DatasetFiles, held = heldBytes): DatasetStore {
  const missing = (id: string) => new StudioError('dataset-missing', { dataset: id });
  const readMeta = async (id: string) => {
    const meta = isId(id) ? await readJson<Meta>(files, id, 'meta.json') : undefined;
    return meta?.format === 'amalgam-dataset/1' ? meta : undefined;
  };
  return {
    async list() {
      const folders = await files.folders();
      const metas = await Promise.all(folders.map(readMeta));
      for (const [index, folder] of folders.entries())
        if (!metas[index] && (await files.read(folder, 'removed'))) await ifFree(files.removeFolder(folder));
      return metas
        .flatMap((meta) => (meta ? [meta.summary] : []))
        .sort((a, b) => b.createdAt - a.createdAt || a.name.localeCompare(b.name));
    },
    async load(id) {
      const meta = await readMeta(id);
      const samples = await readJson<Samples>(files, id, 'samples.json');
      const pixels = meta && (await files.pixels({ folder: id, file: 'pixels.bin' }));
      if (!meta || !samples || !pixels) throw missing(id);
      const { name, source, original, edits, storedSize: size } = meta.summary;
      if (pixels.length !== samples.files.length * size * size * 3) throw missing(id);
      // JSON has no undefined: a picture without a stated split comes back as null.
      const stated = samples.stated.map((split) => split ?? undefined);
      const { files: names, captions, sources, fit, background } = samples;
      const pairs = firstPairs(captions)[names.length];
      const parts = await readParts(samples, names.length, pairs, (file) => files.read(id, file));
      if (!parts) throw missing(id);
      // Cut short, it would leave out other samples than the summary says; every sample is there then, and cleaning again mends it.
      const left = meta.summary.dropped ? await files.read(id, 'dropped.bin') : undefined;
      const dropped =
        left?.length === 4 * (meta.summary.dropped ?? 0) ? new Int32Array(left.slice().buffer) : undefined;
      const content = { size, pixels, files: names, captions, stated, ...parts };
      const fingerprint = original ?? meta.summary.fingerprint;
      const stored = {
        id,
        name,
        source,
        fingerprint,
        ...content,
        ...(sources && { sources }),
        fit,
        background,
        ...(dropped && { dropped }),
      };
      return withEdits(stored, edits);
    },
    async save(dataset, skipped) {
      // What is kept of captions and targets is what they were.
      const before = unedited(dataset);
      const { id, files: names, captions, stated, sources, fit, background } = before;
      if (!isId(id)) throw new StudioError('internal', { message: `“${id}” cannot name a folder` });
      try {
        await files.removeFile(id, 'meta.json');
        const large = dataset.pixels.length > held;
        const prints = dataset.prints ?? (large ? printsOf(dataset.pixels, names.length) : undefined);
        if (!(dataset.pixels instanceof FilePixels && dataset.pixels.place.folder === id)) {
          // Also pictures at other sides go, of a set that this one replaces.
          await files.removeFolder(id);
          await writePixels(files, dataset);
        }
        for (const [file, bytes] of partFiles({ ...before, prints }))
          if (bytes) await files.write(id, file, bytes);
          else await files.removeFile(id, file);
        const own = { files: names, captions, stated, sources, fit, background };
        const samples: Samples = { ...own, ...partFacts({ ...before, prints }) };
        await files.write(id, 'samples.json', encode(samples));
        const summary = summarize(dataset, skipped);
        await files.write(id, 'meta.json', encode({ format: 'amalgam-dataset/1', summary } satisfies Meta));
      } catch (error) {
        await files.removeFolder(id).catch(() => undefined);
        throw full(error, dataset);
      }
    },
    async draft(count, bytes) {
      if (count * bytes <= held) return { pixels: draftInMemory(count, bytes) };
      const id = crypto.randomUUID().slice(0, 13);
      const pixels = await files.draft({ folder: id, file: 'pixels.bin' }, bytes, count);
      const discard = async () => {
        await pixels.discard();
        await files.removeFolder(id);
      };
      return { id, pixels: { ...pixels, discard } };
    },
    async pixels(place) {
      const pixels = await files.pixels(place);
      if (!pixels) throw missing(place.folder);
      return pixels;
    },
    async resized(id, side, length) {
      const pixels = await files.pixels({ folder: id, file: resizedFile(side) });
      return pixels?.length === length ? pixels : undefined;
    },
    draftResized: (id, side, count) =>
      files.draft({ folder: id, file: resizedFile(side) }, side * side * 3, count),
    async sizes() {
      const found = await Promise.all(
        (await files.folders()).map(async (id) => {
          const meta = await readMeta(id);
          if (!meta) return [];
          const entries = Object.entries(await files.sizes(id));
          const sum = (list: typeof entries) => list.reduce((total, [, bytes]) => total + bytes, 0);
          const remade = sum(entries.filter(([file]) => isResized(file)));
          return [{ id, name: meta.summary.name, bytes: sum(entries), remade }];
        }),
      );
      return found.flat().sort((a, b) => b.bytes - a.bytes || a.name.localeCompare(b.name));
    },
    async free(id) {
      for (const file of Object.keys(await files.sizes(id)))
        if (isResized(file)) await ifFree(files.removeFile(id, file));
    },
    async rename(id, name) {
      const meta = await readMeta(id);
      if (!meta) throw missing(id);
      await files.write(id, 'meta.json', encode({ ...meta, summary: { ...meta.summary, name } }));
    },
    async clean(dataset, cleaning) {
      const { id, dropped = new Int32Array(0) } = dataset;
      const meta = await readMeta(id);
      if (!meta) throw missing(id);
      const { name, skipped, createdAt } = meta.summary;
      await files.write(
        id,
        'dropped.bin',
        new Uint8Array(dropped.buffer, dropped.byteOffset, dropped.byteLength),
      );
      const summary = { ...summarize({ ...dataset, name, dropped }, skipped, createdAt), cleaning };
      await files.write(id, 'meta.json', encode({ ...meta, summary } satisfies Meta));
    },
    async remove(id) {
      if (!(await readMeta(id))) throw missing(id);
      // A run that reads its pictures goes on; what is left of the folder goes with a later look at the list.
      await files.write(id, 'removed', new Uint8Array(1));
      await files.removeFile(id, 'meta.json');
      await ifFree(files.removeFolder(id));
    },
  };
}

/** Ids are folder names; nothing that could climb out of the store passes. */
const isId = (id: string) => /^[a-z0-9][a-z0-9._-]*$/i.test(id);

const resizedFile = (side: number) => `pixels.${side}.bin`;
const isResized = (file: string) => /^pixels\.\d+\.bin$/.test(file);

async function writePixels(files: DatasetFiles, { id, pixels, files: names }: Dataset): Promise<void> {
  const place = { folder: id, file: 'pixels.bin' };
  if (pixels instanceof Uint8Array) return files.write(place.folder, place.file, pixels);
  const bytes = pixels.length / names.length;
  const draft = await files.draft(place, bytes, names.length);
  for (let at = 0; at < names.length; at++) draft.write(at, pixels.subarray(at * bytes, (at + 1) * bytes));
  await draft.finish(new Uint8Array(names.length).fill(1));
}

const isBusy = (error: unknown) => error instanceof Error && error.name === 'NoModificationAllowedError';

/** Waits for what may fail because another worker reads the file. */
async function ifFree(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}

/** What a list says of a data set. A recipe may divide it otherwise. */
function summarize(dataset: Dataset, skipped: Skipped[], createdAt = Date.now()): DatasetSummary {
  const { id, name, source, fingerprint, captions, files, pixels, size, table, target, dropped } = dataset;
  const gone = new Set(dropped);
  return {
    id,
    name,
    source,
    fingerprint,
    images: files.length,
    pairs: firstPairs(captions)[files.length],
    having: countHaving(dataset),
    ...(table && { table: { columns: table.columns, steps: table.steps } }),
    ...(target && { target: { name: target.name, kind: target.kind, classes: target.classes } }),
    ...(dropped && { dropped: dropped.length }),
    ...(dataset.edits && { edits: dataset.edits }),
    ...(dataset.original && { original: dataset.original.fingerprint }),
    splits: countSplits(shownSplits(dataset).filter((_, index) => !gone.has(index))),
    storedSize: size,
    bytes: pixels.length + partBytes(dataset),
    createdAt,
    skipped,
  };
}

function full(error: unknown, dataset: Dataset): StudioError {
  const name = error instanceof Error ? error.name : '';
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (isBusy(error)) return new StudioError('dataset-busy', { dataset: dataset.name }, { cause: error });
  if (name !== 'QuotaExceededError' && code !== 'ENOSPC') return asStudioError(error);
  const needed = `${Math.ceil((dataset.pixels.length + partBytes(dataset)) / 2 ** 20)} MiB`;
  return new StudioError('quota-exceeded', { what: dataset.name, needed }, { cause: error });
}
