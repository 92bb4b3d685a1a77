/** Pictures in OPFS: those that fit are read whole, others are read in place, which only workers can. */
import { StudioError } from '../core/errors.ts';
import type { DatasetReader } from './dataset.ts';
import { directory, ifPresent, opfsFiles, type Root } from './opfs.ts';
import { FilePixels, type FilePlace, heldBytes, type Pixels } from './pixels.ts';
import { createReader, type ReadFiles } from './store.read.ts';

/** Reads data sets under `datasets/`. */
export const createBrowserReader = (): DatasetReader => createReader(opfsPixels());

/** Of `ReadFiles`, with the way to let go of files that are to be removed: those whose path `folder/file` begins so. */
export function opfsPixels(
  root?: Root,
  held = heldBytes,
): ReadFiles & { release(path: string): Promise<void> } {
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
  const release = async (within: string): Promise<void> => {
    for (const [path, open] of readers) {
      if (!path.startsWith(within)) continue;
      readers.delete(path);
      (await open.catch(() => undefined))?.close();
    }
  };
  return {
    ...files,
    release,
    async pixels(place): Promise<Pixels | undefined> {
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
  };
}
