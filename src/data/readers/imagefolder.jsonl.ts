/**
 * Hugging Face's image folder with `metadata.jsonl`, and any other JSON Lines file whose rows name a picture. The
 * caption may be one text or a list of them.
 */
import { ending } from '../sources/paths.ts';
import type { FileTree } from '../sources/tree.ts';
import type { Reader } from './reader.ts';
import { jsonlRecords, type RecordTable } from './records.ts';
import { detectTables, inSplitOrder, readTables } from './tables.ts';

export const imagefolderJsonl: Reader = {
  id: 'imagefolder-jsonl',
  title: { en: 'Image folder with metadata.jsonl', zh: '带 metadata.jsonl 的图片文件夹' },
  summary: {
    en: 'One JSON object a line with the picture’s file_name and a caption or a list of captions.',
    zh: '每行一个 JSON 对象，含图片 file_name 以及一条或多条说明文字。',
  },
  async detect(tree) {
    return detectTables(tree, await tablesOf(tree), 0.95);
  },
  async read(tree, options) {
    return readTables(tree, await tablesOf(tree), options);
  },
};

async function tablesOf(tree: FileTree): Promise<RecordTable[]> {
  const tables: RecordTable[] = [];
  for (const file of tree.files) {
    if (!['jsonl', 'ndjson'].includes(ending(file.path))) continue;
    const table = await jsonlRecords(file);
    if (table) tables.push(table);
  }
  return inSplitOrder(tables);
}
