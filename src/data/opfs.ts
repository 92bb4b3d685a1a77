/**
 * The browser's private file system (OPFS). Files are written through `createWritable`, which replaces a file only when it is closed. Works in pages and in workers.
 */
import type { StoreFiles } from './store.read.ts';

export type Root = () => Promise<FileSystemDirectoryHandle>;

export const directory = (top: string, root?: Root) => async () => {
  const origin = await (root ?? (() => navigator.storage.getDirectory()))();
  return origin.getDirectoryHandle(top, { create: true });
};

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
        return bytesOf(handle);
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

/** Reads a file that was there as it is now; again where it was replaced in between, which is told as not readable or not found. */
async function bytesOf(handle: FileSystemFileHandle): Promise<Uint8Array> {
  for (let left = mostReads; ; left--)
    try {
      return new Uint8Array(await (await handle.getFile()).arrayBuffer());
    } catch (error) {
      if (left <= 1 || !(error instanceof DOMException && replaced.includes(error.name))) throw error;
    }
}

const replaced = ['NotReadableError', 'NotFoundError'];

/** Of a file that is replaced over and over. */
const mostReads = 20;

export async function ifPresent<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}
