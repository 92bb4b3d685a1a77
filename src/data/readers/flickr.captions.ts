/** Flickr8k and Flickr30k as Kaggle hands them out: `captions.txt`, five rows of `image,caption` for each picture. */
import type { FieldValues } from '../../core/fields.ts';
import { baseName, ending } from '../sources/paths.ts';
import type { FileTree } from '../sources/tree.ts';
import type { Reader } from './reader.ts';
import { csvRecords, type RecordTable } from './records.ts';
import { detectTables, readTables } from './tables.ts';

export const flickrCaptions: Reader = {
  id: 'flickr-captions',
  title: { en: 'Flickr8k captions.txt', zh: 'Flickr8k captions.txt' },
  summary: {
    en: 'A text file with the columns image and caption, several rows for a picture.',
    zh: '含 image 与 caption 两列的文本文件，每张图片可有多行。',
  },
  async detect(tree) {
    return detectTables(tree, await tablesOf(tree), 0.96);
  },
  async read(tree, options: FieldValues) {
    return readTables(tree, await tablesOf(tree), options);
  },
};

async function tablesOf(tree: FileTree): Promise<RecordTable[]> {
  const tables: RecordTable[] = [];
  for (const file of tree.files) {
    if (ending(file.path) !== 'txt' && ending(file.path) !== 'csv') continue;
    // Sidecar captions are .txt files too, thousands of them: only a table has more bytes than a caption.
    if (file.size < 64 || !/captions?|token|results/i.test(baseName(file.path))) continue;
    const table = await csvRecords(file, ',');
    if (table && table.columns.join() === 'image,caption') tables.push(table);
  }
  return tables;
}
