/** How kept data sets are read, the same in a browser, in a folder and in memory (store.ts says how they are kept). */
import { StudioError } from '../core/errors.ts';
import type { Dataset, DatasetReader, DatasetSummary } from './dataset.ts';
import { firstPairs } from './having.ts';
import type { PixelDraft } from './pixelDraft.ts';
import type { FilePlace, Pixels } from './pixels.ts';
import { type PartFacts, readParts } from './store.parts.ts';

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

export interface Meta {
  format: 'amalgam-dataset/1';
  summary: DatasetSummary;
}

export type Samples = Pick<Dataset, 'files' | 'captions' | 'stated' | 'sources' | 'fit' | 'background'> &
  PartFacts;

/** A JSON file; undefined where it is absent or damaged. */
async function readJson<T>(
  files: Pick<StoreFiles, 'read'>,
  folder: string,
  file: string,
): Promise<T | undefined> {
  const bytes = await files.read(folder, file);
  if (!bytes) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    return undefined;
  }
}

export const missing = (id: string) => new StudioError('dataset-missing', { dataset: id });

/** Undefined where there is no such set. */
export async function readMeta(files: Pick<StoreFiles, 'read'>, id: string): Promise<Meta | undefined> {
  const meta = isId(id) ? await readJson<Meta>(files, id, 'meta.json') : undefined;
  return meta?.format === 'amalgam-dataset/1' ? meta : undefined;
}

export type ReadFiles = Pick<DatasetFiles, 'folders' | 'read' | 'pixels' | 'removeFolder'>;

export function createReader(files: ReadFiles): DatasetReader {
  return {
    async list() {
      const folders = await files.folders();
      const metas = await Promise.all(folders.map((id) => readMeta(files, id)));
      for (const [index, folder] of folders.entries())
        if (!metas[index] && (await files.read(folder, 'removed'))) await ifFree(files.removeFolder(folder));
      return metas
        .flatMap((meta) => (meta ? [meta.summary] : []))
        .sort((a, b) => b.createdAt - a.createdAt || a.name.localeCompare(b.name));
    },
    async load(id) {
      const meta = await readMeta(files, id);
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
      // Few sets are edited, and a run reads them with its own edits.
      return edits ? (await import('./edits.ts')).withEdits(stored, edits) : stored;
    },
    async pixels(place) {
      const pixels = await files.pixels(place);
      if (!pixels) throw missing(place.folder);
      return pixels;
    },
  };
}

/** Ids are folder names; nothing that could climb out of the store passes. */
export const isId = (id: string) => /^[a-z0-9][a-z0-9._-]*$/i.test(id);

export const isBusy = (error: unknown) =>
  error instanceof Error && error.name === 'NoModificationAllowedError';

/** Waits for what may fail because another worker reads the file. */
export async function ifFree(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}
