/**
 * How data sets are kept, the same in a browser, in a folder and in memory: each in a folder of its own with
 * `pixels.bin`, `samples.json`, `meta.json` and the files of further parts (store.parts.ts). `meta.json` is written last and removed first, and a set without it
 * does not exist: whatever is cut short leaves no half set behind.
 */
import { asStudioError, StudioError } from '../core/errors.ts';
import type { Skipped } from '../core/progress.ts';
import type { Dataset, DatasetStore, DatasetSummary } from './dataset.ts';
import { unedited } from './edits.ts';
import { countHaving, firstPairs } from './having.ts';
import { draftInMemory } from './pixelDraft.ts';
import { FilePixels, heldBytes, printsOf } from './pixels.ts';
import { countSplits, shownSplits } from './splits.ts';
import { partBytes, partFacts, partFiles } from './store.parts.ts';
import {
  createReader,
  type DatasetFiles,
  ifFree,
  isBusy,
  isId,
  type Meta,
  missing,
  readMeta,
  type Samples,
} from './store.read.ts';

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** @param held bytes of pictures that are held in memory */
export function createStore(files: DatasetFiles, held = heldBytes): DatasetStore {
  return {
    ...createReader(files),
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
    async resized(id, side, length) {
      const pixels = await files.pixels({ folder: id, file: resizedFile(side) });
      return pixels?.length === length ? pixels : undefined;
    },
    draftResized: (id, side, count) =>
      files.draft({ folder: id, file: resizedFile(side) }, side * side * 3, count),
    async sizes() {
      const found = await Promise.all(
        (await files.folders()).map(async (id) => {
          const meta = await readMeta(files, id);
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
      const meta = await readMeta(files, id);
      if (!meta) throw missing(id);
      await files.write(id, 'meta.json', encode({ ...meta, summary: { ...meta.summary, name } }));
    },
    async clean(dataset, cleaning) {
      const { id, dropped = new Int32Array(0) } = dataset;
      const meta = await readMeta(files, id);
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
      if (!(await readMeta(files, id))) throw missing(id);
      // A run that reads its pictures goes on; what is left of the folder goes with a later look at the list.
      await files.write(id, 'removed', new Uint8Array(1));
      await files.removeFile(id, 'meta.json');
      await ifFree(files.removeFolder(id));
    },
  };
}

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
