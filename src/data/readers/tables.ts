/** Pairs from tables whose columns are known: the part that every table-like reader shares. */
import type { Field, FieldValues } from '../../core/fields.ts';
import { isLink } from '../../core/links.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { baseName, cleanPath, parseSplit, splitOfPath, stem } from '../sources/paths.ts';
import { remoteFiles } from '../sources/remote.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { createCollector } from './collect.ts';
import {
  chooseColumns,
  columnFields,
  columnNamed,
  guessColumns,
  linkFields,
  originNames,
  textsOf,
} from './columns.ts';
import type { Detection, ReadResult } from './reader.ts';
import { placeOf, type RecordTable } from './records.ts';

const splitOrder = ['train', 'validation', 'test'];

/** The split that a table's folder or its own name states (`test.csv`, `train-00000-of-00004.parquet`). */
export const splitOfTable = (path: string) =>
  splitOfPath(path) ?? parseSplit(stem(baseName(path)).replace(/-\d+-of-\d+$/, ''));

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
    const { found, labels, ...columns } = guess;
    const links = tables.flatMap(({ records, folder }) =>
      records
        .flatMap(({ values }) => textsOf(values[columns.picture]).slice(0, 1))
        .filter((name) => isLink(name) && !lookup.find(name, folder)),
    );
    return {
      // A table whose pictures are not here can still be meant, but anything else is likelier.
      confidence: base * (labels ? 0.8 : 1) * (0.2 + 0.8 * Math.sqrt(found)),
      options: { ...extra.options, ...columns },
      fields: [
        ...(extra.fields ?? []),
        ...columnFields(table.columns, columns),
        ...linkFields([...new Set(links)]),
      ],
    };
  }
  return undefined;
}

/**
 * Reads every row of the tables.
 * @param pictures those of which each should have a row; all where not stated
 */
export function readTables(
  tree: FileTree,
  tables: readonly RecordTable[],
  options: FieldValues,
  pictures?: readonly SourceFile[],
): ReadResult {
  const lookup = pictureLookup(tree);
  const remote = options.fetch === true ? remoteFiles(allowance(options)) : undefined;
  const collector = createCollector();
  const before = tables.flatMap((table) => table.skipped);
  for (const table of tables) {
    const columns = chooseColumns(options, table, guessColumns(table, lookup));
    if (!columns) {
      collector.malformed(table.file.path, 'no column names pictures');
      continue;
    }
    const folderSplit = splitOfTable(table.file.path);
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
      const picture = lookup.find(name, table.folder) ?? (isLink(name) ? remote?.(name) : undefined);
      const origin = origins && textsOf(values[origins]).join('').trim();
      const split = parseSplit(textsOf(values[columns.split]).join('')) ?? folderSplit;
      if (!picture) collector.missing(name, place);
      else
        for (const caption of captions.length > 0 ? captions : [''])
          collector.add(picture, shownName(name, picture), caption, split, place, origin);
    }
  }
  const result = collector.finish(
    pictures ?? lookup.pictures,
    tables.map((table) => table.file.path).join(', '),
  );
  return { samples: result.samples, skipped: [...before, ...result.skipped] };
}

const allowance = ({ most, perSecond }: FieldValues) => ({
  count: typeof most === 'number' ? most : 1000,
  perSecond: typeof perSecond === 'number' && perSecond > 0 ? perSecond : 5,
});

/** The name as the table spells it while that is a part of the path; else the path. */
export function shownName(name: string, picture: SourceFile): string {
  const clean = cleanPath(name);
  return clean && picture.path.endsWith(clean) ? clean : picture.path;
}
