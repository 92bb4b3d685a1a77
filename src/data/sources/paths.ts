/**
 * Paths as data sets spell them: either slash, any Unicode form, sometimes absolute or climbing out with `..`.
 * One spelling is made of them here, once, so that nothing later has to think of it.
 */
import type { Split } from '../dataset.ts';

const pictureEndings = new Set(['png', 'jpg', 'jpeg', 'jpe', 'jfif', 'webp', 'gif', 'bmp', 'avif']);

const soundEndings = new Set([
  'wav',
  'wave',
  'mp3',
  'flac',
  'ogg',
  'oga',
  'opus',
  'm4a',
  'aac',
  'aif',
  'aiff',
]);

const filmEndings = new Set(['mp4', 'm4v', 'mov', 'webm', 'mkv']);

/** The path in our spelling, or undefined where it is absolute or leaves the folder. */
export function cleanPath(raw: string): string | undefined {
  const path = raw.replaceAll('\\', '/').normalize('NFC');
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return undefined;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) return undefined;
  return parts.join('/');
}

/** Files that systems leave behind and nobody means to train on. */
export function isClutter(path: string): boolean {
  const name = baseName(path);
  return (
    path.split('/').includes('__MACOSX') ||
    name === '.DS_Store' ||
    name.startsWith('._') ||
    /^(thumbs\.db|desktop\.ini)$/i.test(name)
  );
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The folder of a path, without a slash at its end; empty at the top. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Ending in lower case without the dot. */
export function ending(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** The path without its ending. */
export function stem(path: string): string {
  const length = ending(path).length;
  return length === 0 ? path : path.slice(0, -length - 1);
}

/** The path without the ending of an archive, or without its last ending. */
export const archiveStem = (path: string): string => path.replace(/\.(tar\.gz|[^./]+)$/i, '');

export const isPicture = (path: string): boolean => pictureEndings.has(ending(path));
export const isSound = (path: string): boolean => soundEndings.has(ending(path));
export const isFilm = (path: string): boolean => filmEndings.has(ending(path));

const splitNames: Record<string, Split> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
};

/** The split that a word names (`val`, `dev`, `training`, `train2017`, …). */
export function parseSplit(word: string): Split | undefined {
  const key = word
    .trim()
    .toLowerCase()
    .replace(/_?(19|20)\d\d$/, '');
  return Object.hasOwn(splitNames, key) ? splitNames[key] : undefined;
}

/** The split that a folder on the way to a file names. */
export function splitOfPath(path: string): Split | undefined {
  for (const part of folderOf(path).split('/')) {
    const split = parseSplit(part);
    if (split) return split;
  }
  return undefined;
}
