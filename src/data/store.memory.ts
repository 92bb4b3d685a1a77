/** A store that lives as long as the program, for tests and throw-away runs. */
import type { DatasetStore } from './dataset.ts';
import { draftInMemory } from './pixelDraft.ts';
import type { DatasetFiles } from './store.read.ts';
import { createStore } from './store.ts';

export const createMemoryStore = (): DatasetStore => createStore(memoryFiles());

export function memoryFiles(): DatasetFiles {
  const folders = new Map<string, Map<string, Uint8Array>>();
  const files: DatasetFiles = {
    folders: async () => [...folders.keys()],
    read: async (folder, file) => folders.get(folder)?.get(file)?.slice(),
    async write(folder, file, bytes) {
      const kept = folders.get(folder) ?? new Map<string, Uint8Array>();
      folders.set(folder, kept.set(file, bytes.slice()));
    },
    async removeFile(folder, file) {
      folders.get(folder)?.delete(file);
    },
    async removeFolder(folder) {
      folders.delete(folder);
    },
    sizes: async (folder) =>
      Object.fromEntries([...(folders.get(folder) ?? [])].map(([file, bytes]) => [file, bytes.length])),
    pixels: ({ folder, file }) => files.read(folder, file),
    async draft({ folder, file }, bytes, count) {
      const draft = draftInMemory(count, bytes);
      return {
        ...draft,
        async finish(kept) {
          const pixels = await draft.finish(kept);
          await files.write(folder, file, pixels.subarray(0, pixels.length));
          return pixels;
        },
      };
    },
  };
  return files;
}
