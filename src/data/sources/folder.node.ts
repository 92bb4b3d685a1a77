/**
 * A tree from a folder or a zip on disk, for the command line and the tests. Links are not
 * followed, so that a data set cannot point at the rest of the disk.
 */
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { StudioError } from '../../core/errors.ts';
import type { ByteSource } from './bytes.ts';
import { openFiles, type RawFile } from './open.ts';
import { archiveStem } from './paths.ts';
import type { FileTree } from './tree.ts';

/**
 * Opens a folder, or one file (a zip, as a rule).
 * @throws StudioError `file-unreadable`, `archive-invalid`, `archive-budget`
 */
export async function openPath(path: string): Promise<FileTree> {
  const full = resolve(path);
  const found = await stat(full).catch((cause: unknown) => {
    throw new StudioError(
      'file-unreadable',
      { file: path, message: 'there is no such file or folder' },
      { cause },
    );
  });
  if (found.isFile())
    return openFiles(archiveStem(basename(full)), [diskFile(full, basename(full), found.size)]);
  const files: RawFile[] = [];
  await list(full, '', files);
  return openFiles(basename(full), files);
}

async function list(root: string, folder: string, files: RawFile[]): Promise<void> {
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) await list(root, path, files);
    else if (entry.isFile())
      files.push(diskFile(join(root, path), path, (await stat(join(root, path))).size));
  }
}

function diskFile(full: string, path: string, size: number): RawFile {
  return {
    path,
    size,
    async read() {
      try {
        return new Uint8Array(await readFile(full));
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new StudioError('file-unreadable', { file: path, message }, { cause });
      }
    },
    source: diskSource(full, basename(full), size),
  };
}

function diskSource(full: string, name: string, size: number): ByteSource {
  return {
    name,
    size,
    async slice(start, end) {
      const handle = await open(full);
      try {
        const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
        return bytes.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
}
