/**
 * Finds the picture that a table names. Tables are written on other machines: the name may be relative to the table
 * or to the top, have another case, slash or Unicode form, or be the absolute path of someone's disk. The closest
 * spelling wins; a base name counts only while no other picture has it.
 */
import { baseName, isPicture, stem } from './paths.ts';
import type { FileTree, SourceFile } from './tree.ts';

export interface PictureLookup {
  /** @param folder of the table that names the picture */
  find(name: string, folder: string): SourceFile | undefined;
  pictures: SourceFile[];
}

const lookups = new WeakMap<FileTree, PictureLookup>();

/** The lookup of a tree; made once per tree. */
export function pictureLookup(tree: FileTree): PictureLookup {
  const known = lookups.get(tree);
  if (known) return known;
  const made = createLookup(tree.files.filter((file) => isPicture(file.path)));
  lookups.set(tree, made);
  return made;
}

function createLookup(pictures: SourceFile[]): PictureLookup {
  const exact = new Map<string, SourceFile>();
  const folded = new Map<string, SourceFile>();
  const byName = new Map<string, SourceFile | undefined>();
  const byStem = new Map<string, SourceFile | undefined>();
  for (const picture of pictures) {
    exact.set(picture.path, picture);
    const fold = picture.path.toLowerCase();
    if (!folded.has(fold)) folded.set(fold, picture);
    const name = baseName(fold);
    byName.set(name, byName.has(name) ? undefined : picture);
    byStem.set(stem(name), byStem.has(stem(name)) ? undefined : picture);
  }
  return {
    pictures,
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
      return byName.get(last) ?? (isPicture(last) ? undefined : byStem.get(last));
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
