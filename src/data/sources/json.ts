/** JSON files, parsed once each: several readers look into the same annotations, which can be large. */
import { StudioError } from '../../core/errors.ts';
import { readText } from './text.ts';
import type { SourceFile } from './tree.ts';

const parsed = new WeakMap<SourceFile, Promise<unknown>>();

/**
 * The value of a JSON file, or undefined where its text lacks one of the words: parsing is dear for large files that
 * are of another kind anyway.
 * @throws StudioError `file-unreadable`
 */
export async function readJson(file: SourceFile, words: readonly string[]): Promise<unknown> {
  const known = parsed.get(file);
  if (known) return known;
  const text = await readText(file);
  if (!words.every((word) => text.includes(`"${word}"`))) return undefined;
  const value = Promise.resolve().then((): unknown => {
    try {
      return JSON.parse(text);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new StudioError('file-unreadable', { file: file.path, message }, { cause });
    }
  });
  parsed.set(file, value);
  return value;
}
