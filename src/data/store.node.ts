/** Data sets in a folder on disk. A file is written beside its place and moved there, so that it is whole or absent. */
import { closeSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../core/errors.ts';
import type { DatasetStore } from './dataset.ts';
import { moveTogether } from './pixelDraft.ts';
import { FilePixels, heldBytes, type RandomAccess } from './pixels.ts';
import type { DatasetFiles } from './store.read.ts';
import { createStore } from './store.ts';

/** @param root made when it is absent. @param held bytes of pictures that are held in memory */
export const createNodeStore = (root: string, held?: number): DatasetStore =>
  createStore(nodeFiles(root, held), held);

/** Folders of files in a folder on disk. */
export function nodeFiles(root: string, held = heldBytes): DatasetFiles {
  const files: DatasetFiles = {
    async folders() {
      const entries = await readdir(root, { withFileTypes: true }).catch(ignoreAbsent(() => []));
      return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    },
    async read(folder, file) {
      const bytes = await readFile(join(root, folder, file)).catch(ignoreAbsent(() => undefined));
      return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    },
    async write(folder, file, bytes) {
      await mkdir(join(root, folder), { recursive: true });
      const path = join(root, folder, file);
      await writeFile(`${path}.part`, bytes);
      await rename(`${path}.part`, path);
    },
    removeFile: (folder, file) => rm(join(root, folder, file), { force: true }),
    removeFolder: (folder) => rm(join(root, folder), { recursive: true, force: true }),
    async sizes(folder) {
      const names = await readdir(join(root, folder)).catch(ignoreAbsent(() => []));
      const sizes = await Promise.all(names.map(async (name) => (await stat(join(root, folder, name))).size));
      return Object.fromEntries(names.map((name, i) => [name, sizes[i]]));
    },
    async pixels(place) {
      const path = join(root, place.folder, place.file);
      const length = (await stat(path).catch(ignoreAbsent(() => undefined)))?.size;
      if (length === undefined) return undefined;
      return length > held
        ? new FilePixels(readable(path, length), place)
        : files.read(place.folder, place.file);
    },
    async draft(place, bytes) {
      const path = join(root, place.folder, place.file);
      await mkdir(join(root, place.folder), { recursive: true });
      const file = openSync(`${path}.part`, 'w+');
      return {
        write(index, picture) {
          writeSync(file, picture, 0, bytes, index * bytes);
        },
        async finish(kept) {
          const picture = new Uint8Array(bytes);
          const left = moveTogether(kept, (from, to) => {
            readSync(file, picture, 0, bytes, from * bytes);
            writeSync(file, picture, 0, bytes, to * bytes);
          });
          // It may also grow: pictures at the end that were never written are black.
          ftruncateSync(file, left * bytes);
          closeSync(file);
          renameSync(`${path}.part`, path);
          const pixels = await files.pixels(place);
          if (!pixels) throw new StudioError('dataset-missing', { dataset: place.folder });
          return pixels;
        },
        async discard() {
          closeSync(file);
          await rm(`${path}.part`, { force: true });
        },
      };
    },
  };
  return files;
}

function readable(path: string, length: number): RandomAccess {
  const file = openSync(path, 'r');
  return {
    length,
    read(target, at) {
      if (readSync(file, target, 0, target.length, at) < target.length)
        throw new StudioError('file-unreadable', { file: path, message: 'the file has become shorter' });
    },
  };
}

/** Handles only "no such file or folder"; any other failure is thrown on. */
const ignoreAbsent =
  <T>(instead: () => T) =>
  (error: unknown): T => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return instead();
    throw error;
  };
