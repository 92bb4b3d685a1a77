/**
 * What was dropped, as one flat list of lazily read files, wherever it came from: a browser's `File`s, a folder
 * under Node, the inside of a zip. Readers see nothing else, so that one reader serves all of them.
 * Files are sorted by path, so that the same data gives the same data set as a folder and as a zip.
 */
import type { Skipped } from '../../core/progress.ts';
import type { ByteSource } from './bytes.ts';
import { cleanPath, isClutter, parseSplit } from './paths.ts';

export interface SourceFile {
  /** Relative, forward slashes, NFC, never absolute and never with `..`. */
  path: string;
  size: number;
  /** @throws StudioError `file-unreadable`, `archive-invalid` or `archive-budget` */
  read(): Promise<Uint8Array>;
  /** Where it can be read in parts. */
  source?: ByteSource;
}

export interface FileTree {
  name: string;
  files: SourceFile[];
  /** Entries that could not be listed (encrypted, outside the folder, over the budget, …). */
  skipped: Skipped[];
}

/**
 * Tidies a list of files into a tree: paths cleaned, system clutter left out, one file per path, a common leading
 * folder removed.
 */
export function createTree(
  name: string,
  files: readonly SourceFile[],
  skipped: readonly Skipped[],
): FileTree {
  const kept = new Map<string, SourceFile>();
  const left = [...skipped];
  const refuse = (file: string, message: string) =>
    left.push({ file, code: 'file-unreadable', params: { file, message } });
  for (const file of files) {
    const path = cleanPath(file.path);
    if (path === undefined) refuse(file.path, 'its path leads outside the folder');
    else if (isClutter(path)) continue;
    else if (kept.has(path)) refuse(path, 'another file has the same path; the first one is used');
    else kept.set(path, { ...file, path });
  }
  const listed = [...kept.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { name, files: stripCommonFolder(listed), skipped: left };
}

/** Removes leading folders that hold everything; a folder named like a split says something and stays. */
function stripCommonFolder(files: SourceFile[]): SourceFile[] {
  let depth = 0;
  for (;;) {
    const folders = new Set(files.map((file) => file.path.split('/').slice(depth, -1)[0] ?? ''));
    const [folder] = folders;
    if (folders.size !== 1 || !folder || parseSplit(folder)) break;
    depth++;
  }
  if (depth === 0) return files;
  return files.map((file) => ({ ...file, path: file.path.split('/').slice(depth).join('/') }));
}

/** All bytes of a tree as listed; what they take once read. */
export function treeBytes(tree: FileTree): number {
  return tree.files.reduce((sum, file) => sum + file.size, 0);
}
