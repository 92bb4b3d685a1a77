/** Hugging Face's image folder with a `metadata.csv` beside the pictures, one for each split where there are splits. */
import { baseName } from '../sources/paths.ts';
import type { FileTree } from '../sources/tree.ts';
import type { Reader } from './reader.ts';
import { csvRecords, type RecordTable } from './records.ts';
import { detectTables, inSplitOrder, readTables } from './tables.ts';

export const imagefolderCsv: Reader = {
  id: 'imagefolder-csv',
  title: { en: 'Image folder with metadata.csv', zh: '带 metadata.csv 的图片文件夹' },
  summary: {
    en: 'Hugging Face’s layout: metadata.csv with file_name and a caption, in one folder or one for each split.',
    zh: 'Hugging Face 布局：metadata.csv 含 file_name 与说明文字，可按划分分文件夹存放。',
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
    if (!/^metadata\.(csv|tsv)$/i.test(baseName(file.path))) continue;
    const table = await csvRecords(file);
    if (table?.columns.includes('file_name')) tables.push(table);
  }
  return inSplitOrder(tables);
}
