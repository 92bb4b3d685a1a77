/**
 * A table of picture paths and captions, as OpenCLIP trains from (`filepath` tab `title`), and any other CSV or TSV
 * with such columns: the separator is measured, the columns are guessed, both can be corrected.
 */
import type { Field, FieldValues } from '../../core/fields.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { baseName, ending } from '../sources/paths.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { guessColumns } from './columns.ts';
import type { Reader } from './reader.ts';
import { csvRecords, type RecordTable } from './records.ts';
import { detectTables, inSplitOrder, readTables } from './tables.ts';

export const openclipCsv: Reader = {
  id: 'openclip-csv',
  title: { en: 'Table of paths and captions', zh: '路径与说明文字表格' },
  summary: {
    en: 'A CSV or TSV with a column of picture paths and a column of captions, as OpenCLIP uses.',
    zh: '含图片路径列与说明文字列的 CSV 或 TSV，OpenCLIP 即用此格式。',
  },
  async detect(tree) {
    const [best, ...rest] = await rankedTables(tree);
    if (!best) return undefined;
    const tables = [best, ...rest];
    return detectTables(tree, tables, 0.8, {
      options: { table: best.file.path, separator: best.separator ?? ',' },
      fields: [tableField(tables), separatorField(best.separator ?? ',')],
    });
  },
  async read(tree, options) {
    const separator = typeof options.separator === 'string' ? options.separator : '';
    if (options.table === allTables) {
      const tables = await rankedTables(tree);
      return readTables(tree, inSplitOrder(tables), options);
    }
    const named = tableFiles(tree).find((file) => file.path === options.table);
    const table = named ? await csvRecords(named, separator) : (await rankedTables(tree))[0];
    return readTables(tree, table ? [table] : [], options);
  },
};

const allTables = '*';

const tableFiles = (tree: FileTree): SourceFile[] =>
  tree.files.filter(
    (file) =>
      ['csv', 'tsv', 'tab'].includes(ending(file.path)) ||
      /^(captions?|results|metadata|labels)\.txt$/i.test(baseName(file.path)),
  );

/** Tables with a picture and a caption column, those whose pictures are here first, then the longest. */
async function rankedTables(tree: FileTree): Promise<RecordTable[]> {
  const lookup = pictureLookup(tree);
  const ranked: { table: RecordTable; found: number }[] = [];
  for (const file of tableFiles(tree)) {
    const table = await csvRecords(file);
    const guess = table && guessColumns(table, lookup);
    if (table && guess) ranked.push({ table, found: guess.found });
  }
  ranked.sort((a, b) => b.found - a.found || b.table.records.length - a.table.records.length);
  return ranked.map(({ table }) => table);
}

function tableField(tables: readonly RecordTable[]): Field {
  const paths = tables.map((table) => table.file.path);
  const choices = paths.map((path) => ({ value: path, label: { en: path, zh: path } }));
  if (paths.length > 1) choices.push({ value: allTables, label: { en: 'all tables', zh: '全部表格' } });
  return {
    kind: 'choice',
    key: 'table',
    label: { en: 'Table', zh: '表格' },
    help: { en: 'The file that pairs pictures with captions.', zh: '将图片与说明文字配对的文件。' },
    default: paths[0],
    choices,
  };
}

function separatorField(guess: FieldValues[string]): Field {
  return {
    kind: 'choice',
    key: 'separator',
    label: { en: 'Separator', zh: '分隔符' },
    help: { en: 'Stands between the columns.', zh: '列与列之间的符号。' },
    default: String(guess),
    choices: [
      { value: '\t', label: { en: 'tab', zh: '制表符' } },
      { value: ',', label: { en: 'comma', zh: '逗号' } },
      { value: ';', label: { en: 'semicolon', zh: '分号' } },
      { value: '|', label: { en: 'pipe', zh: '竖线' } },
    ],
  };
}
