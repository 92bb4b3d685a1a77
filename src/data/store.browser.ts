/**
 * Data sets in the browser's private file system (OPFS), under `datasets/`. Files are written through
 * `createWritable`, which replaces a file only when it is closed. Works in pages and in workers.
 */
import { StudioError } from '../core/errors.ts';
import type { DatasetStore } from './dataset.ts';
import { draftInMemory, moveTogether } from './pixelDraft.ts';
import { FilePixels, type FilePlace, heldBytes } from './pixels.ts';
import { createStore, type DatasetFiles, type StoreFiles } from './store.ts';

type Root = () => Promise<FileSystemDirectoryHandle>;

/** @param root another directory than the origin's, for tests. @param held bytes of pictures that are held in memory */
export const createBrowserStore = (root?: Root, held?: number): DatasetStore =>
  createStore(opfsDatasets(root, held), held);

const directory = (top: string, root?: Root) => async () => {
  const origin = await (root ?? (() => navigator.storage.getDirectory()))();
  return origin.getDirectoryHandle(top, { create: true });
};

/** Folders of data sets. Their pictures are read and written in place, which only workers can. */
function opfsDatasets(root?: Root, held = heldBytes): DatasetFiles {
  const files = opfsFiles('datasets', root);
  const base = directory('datasets', root);
  /** Open as long as the set is there: a handle a file, however many read it. */
  const readers = new Map<string, Promise<{ pixels: FilePixels; close(): void } | undefined>>();
  const reader = async (place: FilePlace) => {
    const handle = await ifPresent(async () =>
      (await (await base()).getDirectoryHandle(place.folder)).getFileHandle(place.file),
    );
    const access = await handle?.createSyncAccessHandle?.({ mode: 'read-only' });
    if (!access) return undefined;
    const read = (target: Uint8Array, at: number) => {
      if (access.read(target, { at }) < target.length)
        throw new StudioError('file-unreadable', {
          file: place.file,
          message: 'the file has become shorter',
        });
    };
    return {
      pixels: new FilePixels({ length: access.getSize(), read }, place),
      close: () => access.close(),
    };
  };
  const release = async (within: string) => {
    for (const [path, open] of readers) {
      if (!path.startsWith(within)) continue;
      readers.delete(path);
      (await open.catch(() => undefined))?.close();
    }
  };
  const datasets: DatasetFiles = {
    ...files,
    async removeFolder(folder) {
      await release(`${folder}/`);
      await files.removeFolder(folder);
    },
    // A file that this worker reads too is let go first.
    async removeFile(folder, file) {
      await release(`${folder}/${file}`);
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
    async pixels(place) {
      const path = `${place.folder}/${place.file}`;
      const size = await ifPresent(async () => {
        const folder = await (await base()).getDirectoryHandle(place.folder);
        return (await (await folder.getFileHandle(place.file)).getFile()).size;
      });
      if (size === undefined) return undefined;
      if (size > held) {
        const open = readers.get(path) ?? reader(place);
        readers.set(path, open);
        open.catch(() => readers.delete(path));
        const found = await open;
        if (found) return found.pixels;
        readers.delete(path);
      }
      return files.read(place.folder, place.file);
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
          const pixels = await datasets.pixels(place);
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
  return datasets;
}

/** Folders of files under one top directory of OPFS. */
export function opfsFiles(top: string, root?: Root): StoreFiles {
  const base = directory(top, root);
  const open = async (folder: string) => (await base()).getDirectoryHandle(folder, { create: true });
  return {
    async folders() {
      const names: string[] = [];
      for await (const [name, handle] of (await base()).entries())
        if (handle.kind === 'directory') names.push(name);
      return names;
    },
    read: (folder, file) =>
      ifPresent(async () => {
        const directory = await (await base()).getDirectoryHandle(folder);
        const handle = await directory.getFileHandle(file);
        return new Uint8Array(await (await handle.getFile()).arrayBuffer());
      }),
    async write(folder, file, bytes) {
      const handle = await (await open(folder)).getFileHandle(file, { create: true });
      const stream = await handle.createWritable();
      try {
        // In pieces: a single write of a whole set would be copied at once.
        for (let at = 0; at < bytes.length; at += piece)
          await stream.write(new Uint8Array(bytes.subarray(at, at + piece)));
        await stream.close();
      } catch (error) {
        await stream.abort().catch(() => undefined);
        throw error;
      }
    },
    async removeFile(folder, file) {
      await ifPresent(async () => (await (await base()).getDirectoryHandle(folder)).removeEntry(file));
    },
    async removeFolder(folder) {
      await ifPresent(async () => (await base()).removeEntry(folder, { recursive: true }));
    },
  };
}

const piece = 16 * 2 ** 20;

async function ifPresent<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}
