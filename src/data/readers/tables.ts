/** Pairs from tables whose columns are known: the part that every table-like reader shares. */
import type { Field, FieldValues } from '../../core/fields.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { cleanPath, parseSplit, splitOfPath } from '../sources/paths.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { createCollector } from './collect.ts';
import { chooseColumns, columnFields, columnNamed, guessColumns, originNames, textsOf } from './columns.ts';
import type { Detection, ReadResult } from './reader.ts';
import { placeOf, type RecordTable } from './records.ts';

const splitOrder = ['train', 'validation', 'test'];

/** Tables, or what else lies in a file, in the order train, validation, test, then by path. */
export function inSplitOrder<T extends { file: SourceFile }>(
  tables: readonly T[],
  splitOf = splitOfPath,
): T[] {
  const rank = ({ file }: T) => splitOrder.indexOf(splitOf(file.path) ?? 'train');
  return [...tables].sort((a, b) => rank(a) - rank(b));
}

/** A guess over tables of one shape: the first that has columns to guess gives the options. */
export function detectTables(
  tree: FileTree,
  tables: readonly RecordTable[],
  base: number,
  extra: { options?: FieldValues; fields?: Field[] } = {},
): Detection | undefined {
  const lookup = pictureLookup(tree);
  for (const table of tables) {
    const guess = guessColumns(table, lookup);
    if (!guess) continue;
    const { found, ...columns } = guess;
    return {
      // A table whose pictures are not here can still be meant, but anything else is likelier.
      confidence: base * (0.2 + 0.8 * Math.sqrt(found)),
      options: { ...extra.options, ...columns },
      fields: [...(extra.fields ?? []), ...columnFields(table.columns, columns)],
    };
  }
  return undefined;
}

/** Reads every row of the tables. */
export function readTables(tree: FileTree, tables: readonly RecordTable[], options: FieldValues): ReadResult {
  const lookup = pictureLookup(tree);
  const collector = createCollector();
  const before = tables.flatMap((table) => table.skipped);
  for (const table of tables) {
    const columns = chooseColumns(options, table, guessColumns(table, lookup));
    if (!columns) {
      collector.malformed(table.file.path, 'no column names pictures');
      continue;
    }
    const folderSplit = splitOfPath(table.file.path);
    const origins = columnNamed(table.columns, originNames);
    for (const { line, values, short } of table.records) {
      const place = placeOf(table.file, line);
      const [name] = textsOf(values[columns.picture]).map((text) => text.trim());
      const captions = textsOf(values[columns.caption]);
      if (columns.secondCaption !== '')
        captions.push(...textsOf(values[columns.secondCaption]).filter(Boolean));
      if (!name) {
        collector.malformed(place, `“${columns.picture}” is empty`);
        continue;
      }
      if (short && captions.join('') === '') {
        collector.malformed(place, 'it has too few fields');
        continue;
      }
      const picture = lookup.find(name, table.folder);
      const origin = origins && textsOf(values[origins]).join('').trim();
      const split = parseSplit(textsOf(values[columns.split]).join('')) ?? folderSplit;
      if (!picture) collector.missing(name, place);
      else
        for (const caption of captions.length > 0 ? captions : [''])
          collector.add(picture, shownName(name, picture), caption, split, place, origin);
    }
  }
  const result = collector.finish(lookup.pictures, tables.map((table) => table.file.path).join(', '));
  return { samples: result.samples, skipped: [...before, ...result.skipped] };
}

/** The name as the table spells it while that is a part of the path; else the path. */
export function shownName(name: string, picture: SourceFile): string {
  const clean = cleanPath(name);
  return clean && picture.path.endsWith(clean) ? clean : picture.path;
}
