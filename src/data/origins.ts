/**
 * Where samples came from: what a column `source` says, else the top folder of their files, which is the archive's name where several were dropped together.
 * Folders that name a split are passed over. It is nothing that a model sees, so the fingerprint leaves it out; draws can keep a ratio between sources.
 */
import type { Sample } from './readers/reader.ts';
import { folderOf, parseSplit } from './sources/paths.ts';

/** Of samples whose files lie in no folder. */
const nowhere = 'other';

/** The source of each sample; undefined where all came from one place. */
export function originsOf(samples: readonly Sample[]): string[] | undefined {
  const told = samples.some(({ origin }) => origin);
  const sources = samples.map(
    ({ origin, source, sound }) =>
      origin || (told ? nowhere : topFolder(source?.path ?? sound?.path ?? '')) || nowhere,
  );
  return new Set(sources).size > 1 ? sources : undefined;
}

const topFolder = (path: string) =>
  folderOf(path.replace(/^https?:[/][/]/, ''))
    .split('/')
    .find((part) => !parseSplit(part));
