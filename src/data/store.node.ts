/** Data sets in a folder on disk. A file is written beside its place and moved there, so that it is whole or absent. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetStore } from './dataset.ts';
import { createStore, type StoreFiles } from './store.ts';

/** @param root made when it is absent */
export const createNodeStore = (root: string): DatasetStore => createStore(nodeFiles(root));

/** Folders of files in a folder on disk. */
export function nodeFiles(root: string): StoreFiles {
  return {
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
  };
}

/** Handles only "no such file or folder"; any other failure is thrown on. */
const ignoreAbsent =
  <T>(instead: () => T) =>
  (error: unknown): T => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return instead();
    throw error;
  };
