/** A store that lives as long as the program, for tests and throw-away runs. */
import type { DatasetStore } from './dataset.ts';
import { createStore, type StoreFiles } from './store.ts';

export const createMemoryStore = (): DatasetStore => createStore(memoryFiles());

export function memoryFiles(): StoreFiles {
  const folders = new Map<string, Map<string, Uint8Array>>();
  return {
    folders: async () => [...folders.keys()],
    read: async (folder, file) => folders.get(folder)?.get(file)?.slice(),
    async write(folder, file, bytes) {
      const files = folders.get(folder) ?? new Map<string, Uint8Array>();
      folders.set(folder, files.set(file, bytes.slice()));
    },
    async removeFile(folder, file) {
      folders.get(folder)?.delete(file);
    },
    async removeFolder(folder) {
      folders.delete(folder);
    },
  };
}
