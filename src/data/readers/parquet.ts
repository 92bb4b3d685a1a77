/**
 * Parquet, as Hugging Face's hub holds data sets: pictures in the cells, or paths and links to them. Which of several files make the set is what the
 * configuration in its README says, where there is one.
 */
import { spells } from '../../core/glob.ts';
import { readmeHead } from '../card.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { isParquet, mediaFolder } from '../sources/parquet.ts';
import { readText } from '../sources/text.ts';
import type { FileTree } from '../sources/tree.ts';
import type { Reader } from './reader.ts';
import { isObject, parquetRecords, type RecordTable } from './records.ts';
import { detectTables, inSplitOrder, readTables, splitOfTable } from './tables.ts';

export const parquet: Reader = {
  id: 'parquet',
  title: { en: 'Parquet', zh: 'Parquet' },
  summary: {
    en: 'Tables of the Hugging Face hub, with the pictures inside them or beside them.',
    zh: 'Hugging Face 的表格文件，图片在表内或表旁。',
  },
  async detect(tree) {
    const tables = await tablesOf(tree);
    // Beside pictures, as img2dataset writes it, a parquet file is rather their record.
    const inside = tables.some(({ file, folder }) => folder === mediaFolder(file.path));
    return detectTables(tree, tables, inside ? 0.95 : 0.85);
  },
  async read(tree, options) {
    const tables = await tablesOf(tree);
    const { pictures } = pictureLookup(tree);
    // Another set's pictures in the same repository lack nothing.
    const others = tree.files
      .filter(({ path }) => isParquet(path) && !tables.some(({ file }) => file.path === path))
      .map(({ path }) => `${mediaFolder(path)}/`);
    const own = pictures.filter(({ path }) => !others.some((folder) => path.startsWith(folder)));
    return readTables(tree, tables, options, own);
  },
};

async function tablesOf(tree: FileTree): Promise<RecordTable[]> {
  const tables: RecordTable[] = [];
  for (const file of await filesOf(tree)) tables.push(await parquetRecords(file));
  return inSplitOrder(tables, splitOfTable);
}

/** The parquet files of a tree; of several sets in one repository those of the default one. */
export async function filesOf(tree: FileTree) {
  const files = tree.files.filter(({ path }) => isParquet(path));
  const patterns = files.length > 1 ? await configured(tree) : [];
  const chosen = files.filter(({ path }) => patterns.some((pattern) => spells(pattern, path, 'segment')));
  return chosen.length > 0 ? chosen : files;
}

/** Patterns of `data_files` of the default configuration in the README (huggingface.co/docs/hub/datasets-manual-configuration). */
async function configured(tree: FileTree): Promise<string[]> {
  const readme = tree.files.find(({ path }) => /^readme\.md$/i.test(path));
  const notes = readme && readmeHead(await readText(readme));
  const configs: unknown[] = isObject(notes) && Array.isArray(notes.configs) ? notes.configs : [];
  const config =
    configs.find((one) => isObject(one) && (one.default === true || one.config_name === 'default')) ??
    configs[0];
  return isObject(config) ? pathsIn(config.data_files) : [];
}

function pathsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(pathsIn);
  return isObject(value) ? pathsIn(value.path) : [];
}
