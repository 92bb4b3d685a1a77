/**
 * A tree from files that were dropped or picked in a browser; archives among them are opened in place. One alone is the
 * data set itself; archives beside other files become folders of their own, so that equal names inside them do not meet.
 */
import { asStudioError } from '../../core/errors.ts';
import type { Skipped } from '../../core/progress.ts';
import { type ByteSource, blobSource, memorySource } from './bytes.ts';
import { isParquet, openParquet } from './parquet.ts';
import { archiveStem, baseName, ending, folderOf } from './paths.ts';
import { openTar } from './tar.ts';
import { createTree, type FileTree, type SourceFile } from './tree.ts';
import { openZip } from './zip.ts';

/** A file as it was dropped, before archives are opened. */
export interface RawFile extends SourceFile {
  source: ByteSource;
}

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

/** Opens the archives among files and makes the tree. */
export async function openFiles(name: string, files: readonly RawFile[]): Promise<FileTree> {
  const listed: SourceFile[] = [];
  const skipped: Skipped[] = [];
  for (const file of files) {
    const open = openerOf(file.path);
    if (!open) {
      listed.push(file);
      continue;
    }
    try {
      const archive = await open(file.source);
      skipped.push(...archive.skipped);
      if (files.length === 1) return createTree(name, await withMedia(archive.files, skipped), skipped);
      for (const inner of archive.files)
        listed.push({ path: within(archiveStem(file.path), inner.path), size: inner.size, read: inner.read });
    } catch (error) {
      const failed = asStudioError(error);
      if (files.length === 1) throw failed;
      skipped.push({ file: file.path, code: failed.code, params: failed.params });
    }
  }
  return createTree(name, await withMedia(listed, skipped), skipped);
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
      all.push({ ...file, source }, ...(await openParquet(file.path, source)).media);
    } catch (error) {
      const failed = asStudioError(error);
      if (files.length === 1) throw failed;
      skipped.push({ file: file.path, code: failed.code, params: failed.params });
    }
  }
  return all;
}

/** What opens an archive, by its ending; undefined for any other file. */
function openerOf(path: string): typeof openZip | undefined {
  if (ending(path) === 'zip') return openZip;
  return /\.(tar|tgz|tar\.gz)$/i.test(path) ? openTar : undefined;
}

/** Joins without hiding that the inner path is absolute; `createTree` refuses it then. */
const within = (folder: string, path: string) => (/^([/\\]|[a-z]:)/i.test(path) ? path : `${folder}/${path}`);

/** A data set's first name: the only file or folder that was dropped. */
function nameOf(paths: readonly string[]): string {
  if (paths.length === 1) return baseName(archiveStem(paths[0]));
  const tops = new Set(paths.map((path) => path.split('/')[0]));
  const [top] = tops;
  return tops.size === 1 && folderOf(paths[0]) !== '' ? top : (top ?? 'data');
}
