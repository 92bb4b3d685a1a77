/**
 * A tree from files that were dropped or picked in a browser; archives among them, and in them, are opened in place. One alone is the
 * data set itself; archives beside other files become folders of their own, so that equal names inside them do not meet.
 */
import { asStudioError, StudioError } from '../../core/errors.ts';
import type { Skipped } from '../../core/progress.ts';
import { type ByteSource, blobSource, blobSpill, type CreateSpill, memorySource } from './bytes.ts';
import { isParquet, openParquet } from './parquet.ts';
import { archiveStem, baseName, ending, folderOf } from './paths.ts';
import { openTar } from './tar.ts';
import { createTree, type FileTree, type SourceFile } from './tree.ts';
import { openZip } from './zip.ts';

/** A file as it was dropped, before archives are opened. */
export interface RawFile extends SourceFile {
  source: ByteSource;
}

/** Archives inside one another, and files of all of them together. */
const budget = { depth: 3, files: 2_000_000 };

/** @throws StudioError `archive-invalid` or `archive-budget` where the only file is a zip that cannot be used */
export function openDropped(files: readonly { path: string; file: Blob }[]): Promise<FileTree> {
  return openFiles(
    nameOf(files.map((dropped) => dropped.path)),
    files.map(({ path, file }) => ({
      path,
      size: file.size,
      read: async () => new Uint8Array(await file.arrayBuffer()),
      source: blobSource(baseName(path), file),
    })),
  );
}

/** Opens the archives among files and makes the tree. @param createSpill where what must be unpacked goes */
export async function openFiles(
  name: string,
  files: readonly RawFile[],
  createSpill: CreateSpill = blobSpill,
): Promise<FileTree> {
  const skipped: Skipped[] = [];
  const listed: SourceFile[] = [];
  const [only] = files;
  if (files.length === 1 && openerOf(only.path)) {
    const archive = await openArchive(only, only.source, createSpill);
    skipped.push(...archive.skipped);
    await expand(archive.files, 1, listed, skipped, createSpill);
  } else await expand(files, 0, listed, skipped, createSpill);
  return createTree(name, await withMedia(listed, skipped), skipped);
}

/** Adds files to `listed`, in place of archives what is in them. @param depth archives around these files */
async function expand(
  files: readonly SourceFile[],
  depth: number,
  listed: SourceFile[],
  skipped: Skipped[],
  createSpill: CreateSpill,
): Promise<void> {
  for (const file of files) {
    if (!openerOf(file.path)) {
      listed.push(file);
      continue;
    }
    try {
      const over = (limit: string) => new StudioError('archive-budget', { file: file.path, limit });
      if (depth >= budget.depth) throw over(`${budget.depth} archives inside one another`);
      // Out of memory and into a blob, which a browser keeps elsewhere.
      const source =
        file.source ?? blobSource(baseName(file.path), new Blob([new Uint8Array(await file.read())]));
      const archive = await openArchive(file, source, createSpill);
      if (listed.length + archive.files.length > budget.files)
        throw over(`${budget.files.toLocaleString('en')} files`);
      skipped.push(...archive.skipped);
      const folder = archiveStem(file.path);
      const inner = archive.files.map((one) => ({ ...one, path: within(folder, one.path) }));
      await expand(inner, depth + 1, listed, skipped, createSpill);
    } catch (error) {
      const { code, params } = asStudioError(error);
      skipped.push({ file: file.path, code, params });
    }
  }
}

/** The files, and after each parquet file the pictures and sounds in its cells. */
async function withMedia(files: readonly SourceFile[], skipped: Skipped[]): Promise<SourceFile[]> {
  const all: SourceFile[] = [];
  for (const file of files) {
    if (!isParquet(file.path)) {
      all.push(file);
      continue;
    }
    try {
      const source = file.source ?? (await memorySource(file));
      all.push({ ...file, source });
      for (const medium of (await openParquet(file.path, source)).media) all.push(medium);
    } catch (error) {
      const failed = asStudioError(error);
      if (files.length === 1) throw failed;
      skipped.push({ file: file.path, code: failed.code, params: failed.params });
    }
  }
  return all;
}

const openerOf = (path: string): 'zip' | 'tar' | undefined =>
  ending(path) === 'zip' ? 'zip' : /\.(tar|tgz|tar\.gz)$/i.test(path) ? 'tar' : undefined;

/** @throws StudioError `archive-invalid`, `archive-budget` */
const openArchive = ({ path }: SourceFile, source: ByteSource, createSpill: CreateSpill) =>
  openerOf(path) === 'zip' ? openZip(source) : openTar(source, createSpill);

/** Joins without hiding that the inner path is absolute; `createTree` refuses it then. */
const within = (folder: string, path: string) => (/^([/\\]|[a-z]:)/i.test(path) ? path : `${folder}/${path}`);

/** A data set's first name: the only file or folder that was dropped. */
function nameOf(paths: readonly string[]): string {
  if (paths.length === 1) return baseName(archiveStem(paths[0]));
  const tops = new Set(paths.map((path) => path.split('/')[0]));
  const [top] = tops;
  return tops.size === 1 && folderOf(paths[0]) !== '' ? top : (top ?? 'data');
}
