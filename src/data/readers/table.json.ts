/**
 * JSON that holds rows: a list of objects, or an object with such a list, each row with a picture and words (TextCaps, SBU, and what people write
 * themselves). What has a form of its own (COCO, Karpathy, VQA, LLaVA) has its own reader, which is surer.
 */
import { ending } from '../sources/paths.ts';
import type { FileTree } from '../sources/tree.ts';
import type { Reader } from './reader.ts';
import { jsonRecords, type RecordTable } from './records.ts';
import { detectTables, inSplitOrder, readTables } from './tables.ts';

export const tableJson: Reader = {
  id: 'table-json',
  title: { en: 'JSON list of pictures and captions', zh: '图片与说明的 JSON 列表' },
  summary: {
    en: 'A list of objects, each with the name of a picture and its words.',
    zh: '对象列表，每个对象含图片名与对应文字。',
  },
  async detect(tree) {
    return detectTables(tree, await tablesOf(tree), 0.75);
  },
  async read(tree, options) {
    return readTables(tree, await tablesOf(tree), options);
  },
};

async function tablesOf(tree: FileTree): Promise<RecordTable[]> {
  const tables: RecordTable[] = [];
  for (const file of tree.files) {
    if (ending(file.path) !== 'json') continue;
    const table = await jsonRecords(file);
    if (table) tables.push(table);
  }
  return inSplitOrder(tables);
}
