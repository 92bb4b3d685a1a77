/**
 * What was dropped at once may be one set (a table and the pictures it names, shards, one folder a class) or several, each complete in itself. Here only the
 * candidates are told, by name; whether each is complete its readers know (data/service.ts).
 */
import { archiveStem, baseName, ending, parseSplit } from './paths.ts';

const tables = new Set(['csv', 'tsv', 'tab', 'json', 'jsonl', 'ndjson', 'parquet', 'parq']);

/** Folders, archives and tables that could be sets of their own; one list where there is nothing to divide. */
export function candidates<T extends { path: string }>(files: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const file of files) {
    const [top, ...rest] = file.path.split('/');
    // Pictures and texts that lie about belong to something beside them.
    if (rest.length === 0 && !isArchive(top) && !tables.has(ending(top))) return [[...files]];
    const key = alike(rest.length === 0 ? top : `${top}/`);
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return [...groups.values()];
}

const isArchive = (path: string) => /\.(zip|tar|tgz|tar\.gz)$/i.test(path);

/** Names that differ in numbers or in the split are parts of one set: `00001.tar`, `train-00000-of-00004.parquet`, `val`. */
const alike = (name: string): string => {
  const kind = name.endsWith('/') ? '/' : baseName(name).slice(archiveStem(name).length);
  const words = archiveStem(name.replace(/\/$/, '')).split(/([^\p{L}\p{N}]+|\d+)/u);
  return words.map((word) => (parseSplit(word) ? '%' : /^\d+$/.test(word) ? '#' : word)).join('') + kind;
};
