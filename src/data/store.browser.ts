/** Data sets in the browser's private file system (OPFS), under `datasets/`. */
import { StudioError } from '../core/errors.ts';
import type { DatasetStore } from './dataset.ts';
import { directory, ifPresent, opfsFiles, type Root } from './opfs.ts';
import { opfsPixels } from './opfsPixels.ts';
import { draftInMemory, moveTogether } from './pixelDraft.ts';
import type { DatasetFiles } from './store.read.ts';
import { createStore } from './store.ts';

/** @param root another directory than the origin's, for tests. @param held bytes of pictures that are held in memory */
export const createBrowserStore = (root?: Root, held?: number): DatasetStore =>
  createStore(opfsDatasets(root, held), held);

/** Their pictures are written in place, which only workers can. */
function opfsDatasets(root?: Root, held?: number): DatasetFiles {
  const files = opfsFiles('datasets', root);
  const base = directory('datasets', root);
  const reading = opfsPixels(root, held);
  return {
    ...files,
    pixels: reading.pixels,
    async removeFolder(folder) {
      await reading.release(`${folder}/`);
      await files.removeFolder(folder);
    },
    // A file that this worker reads too is let go first.
    async removeFile(folder, file) {
      await reading.release(`${folder}/${file}`);
      await files.removeFile(folder, file);
    },
    async sizes(folder) {
      const sizes: Record<string, number> = {};
      const directory = await ifPresent(async () => (await base()).getDirectoryHandle(folder));
      if (!directory) return sizes;
      for await (const [name, handle] of directory.entries())
        if (handle instanceof FileSystemFileHandle) sizes[name] = (await handle.getFile()).size;
      return sizes;
    },
    async draft(place, bytes, count) {
      const folder = await (await base()).getDirectoryHandle(place.folder, { create: true });
      const handle = await folder.getFileHandle(place.file, { create: true });
      const access = await handle.createSyncAccessHandle?.();
      if (!access) return draftInMemory(count, bytes);
      access.truncate(0);
      return {
        write(index, picture) {
          if (access.write(picture, { at: index * bytes }) < bytes)
            throw new DOMException('the file could not be written', 'QuotaExceededError');
        },
        async finish(kept) {
          const picture = new Uint8Array(bytes);
          const left = moveTogether(kept, (from, to) => {
            access.read(picture, { at: from * bytes });
            access.write(picture, { at: to * bytes });
          });
          access.truncate(left * bytes);
          access.flush();
          access.close();
          const pixels = await reading.pixels(place);
          if (!pixels) throw new StudioError('dataset-missing', { dataset: place.folder });
          return pixels;
        },
        async discard() {
          access.close();
          await files.removeFile(place.folder, place.file);
        },
      };
    },
  };
}
