/**
 * Finds the picture, or the sound, that a table names. Tables are written on other machines: the name may be relative to the table
 * or to the top, have another case, slash or Unicode form, or be the absolute path of someone's disk. The closest
 * spelling wins; a base name counts only while no other picture has it.
 */
import { baseName, isPicture, isSound, stem } from './paths.ts';
import type { FileTree, SourceFile } from './tree.ts';

interface FileLookup {
  /** @param folder of the table that names the file */
  find(name: string, folder: string): SourceFile | undefined;
}

export interface PictureLookup extends FileLookup {
  pictures: SourceFile[];
}

interface SoundLookup extends FileLookup {
  sounds: SourceFile[];
}

const pictureLookups = new WeakMap<FileTree, PictureLookup>();
const soundLookups = new WeakMap<FileTree, SoundLookup>();

/** The lookup of a tree; made once per tree. */
export function pictureLookup(tree: FileTree): PictureLookup {
  const known = pictureLookups.get(tree);
  if (known) return known;
  const pictures = tree.files.filter((file) => isPicture(file.path));
  const made = { ...createLookup(pictures, isPicture), pictures };
  pictureLookups.set(tree, made);
  return made;
}

export function soundLookup(tree: FileTree): SoundLookup {
  const known = soundLookups.get(tree);
  if (known) return known;
  const sounds = tree.files.filter((file) => isSound(file.path));
  const made = { ...createLookup(sounds, isSound), sounds };
  soundLookups.set(tree, made);
  return made;
}

/** @param isKind whether a name has an ending of this kind; names without one are found by their stem */
function createLookup(files: readonly SourceFile[], isKind: (path: string) => boolean): FileLookup {
  const exact = new Map<string, SourceFile>();
  const folded = new Map<string, SourceFile>();
  const byName = new Map<string, SourceFile | undefined>();
  const byStem = new Map<string, SourceFile | undefined>();
  for (const file of files) {
    exact.set(file.path, file);
    const fold = file.path.toLowerCase();
    if (!folded.has(fold)) folded.set(fold, file);
    const name = baseName(fold);
    byName.set(name, byName.has(name) ? undefined : file);
    byStem.set(stem(name), byStem.has(stem(name)) ? undefined : file);
  }
  return {
    find(name, folder) {
      const wanted = withoutQuery(name.trim()).normalize('NFC').replaceAll('\\', '/');
      if (wanted === '') return undefined;
      const paths = [resolve(folder, wanted), resolve('', wanted)];
      for (const path of paths) if (exact.has(path)) return exact.get(path);
      for (const path of paths) {
        const found = folded.get(path.toLowerCase());
        if (found) return found;
      }
      const last = baseName(wanted).toLowerCase();
      return byName.get(last) ?? (isKind(last) ? undefined : byStem.get(last));
    },
  };
}

/** Tables of links are matched with files by the last part of the link. */
const withoutQuery = (name: string) => (/^https?:/i.test(name) ? name.replace(/[?#].*$/, '') : name);

/** `folder` and `path` joined with `.` and `..` resolved; climbing above the top stays at the top. */
function resolve(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
