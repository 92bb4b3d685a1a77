/**
 * A tree from a folder or a zip on disk, for the command line and the tests. Links are not
 * followed, so that a data set cannot point at the rest of the disk.
 */
import { rmSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { StudioError } from '../../core/errors.ts';
import { type ByteSource, partOf, type Spill } from './bytes.ts';
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
    return openFiles(archiveStem(basename(full)), [diskFile(full, basename(full), found.size)], fileSpill);
  const files: RawFile[] = [];
  await list(full, '', files);
  return openFiles(basename(full), files, fileSpill);
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

/** A temporary file, which is gone when the program ends. */
async function fileSpill(): Promise<Spill> {
  const folder = await mkdtemp(join(tmpdir(), 'amalgam-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'unpacked');
  const file = await open(path, 'w');
  // Open until the program ends: more may be appended as long as the archive is listed.
  process.once('exit', () => void file.close());
  let size = 0;
  return {
    async append(bytes) {
      await file.write(bytes);
      size += bytes.length;
    },
    source: (name, from, length) =>
      partOf(diskSource(path, name, Number.MAX_SAFE_INTEGER), name, from, Math.min(length, size - from)),
  };
}
