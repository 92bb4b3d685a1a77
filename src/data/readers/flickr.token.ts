/**
 * The first form of Flickr8k: `Flickr8k.token.txt` with `name#0<tab>caption`, beside lists of the pictures of each
 * split (`Flickr_8k.trainImages.txt`). The published file has rows whose picture does not exist (`….jpg.1#0`).
 */
import type { Split } from '../dataset.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { baseName, ending, folderOf, parseSplit } from '../sources/paths.ts';
import { readText } from '../sources/text.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { createCollector } from './collect.ts';
import type { Reader } from './reader.ts';
import { placeOf } from './records.ts';

const row = /^(.+)#\d+\t(.*)$/;

export const flickrToken: Reader = {
  id: 'flickr-token',
  title: { en: 'Flickr8k.token.txt', zh: 'Flickr8k.token.txt' },
  summary: {
    en: 'Rows of picture#number, tab, caption; lists of pictures state the splits.',
    zh: '每行为 图片#序号、制表符、说明文字；图片列表文件注明划分。',
  },
  async detect(tree) {
    const tables = await tablesOf(tree);
    if (tables.length === 0) return undefined;
    const lookup = pictureLookup(tree);
    const names = (await readText(tables[0])).split('\n', 60).flatMap((line) => row.exec(line)?.[1] ?? []);
    const found = names.filter((name) => lookup.find(name, folderOf(tables[0].path))).length / names.length;
    return { confidence: 0.95 * (0.2 + 0.8 * found), options: {}, fields: [] };
  },
  async read(tree) {
    const tables = await tablesOf(tree);
    const lookup = pictureLookup(tree);
    const splits = await splitLists(tree);
    const collector = createCollector();
    for (const table of tables)
      for (const [index, line] of (await readText(table)).split(/\r?\n/).entries()) {
        if (line.trim() === '') continue;
        const place = placeOf(table, index + 1);
        const [, name, caption] = row.exec(line) ?? [];
        const picture = name && lookup.find(name, folderOf(table.path));
        if (!name) collector.malformed(place, 'it is not picture#number, tab, caption');
        else if (!picture) collector.missing(name, place);
        else collector.add(picture, name, caption, splits.get(name), place);
      }
    return collector.finish(lookup.pictures, tables.map((table) => table.path).join(', '));
  },
};

/** Text files whose first line is such a row. */
async function tablesOf(tree: FileTree): Promise<SourceFile[]> {
  const tables: SourceFile[] = [];
  for (const file of tree.files) {
    if (
      !['txt', 'token'].includes(ending(file.path)) ||
      !/token|captions?|results/i.test(baseName(file.path))
    )
      continue;
    if (row.test((await readText(file)).split(/\r?\n/, 1)[0])) tables.push(file);
  }
  // Lemmatized copies of the captions lie beside the real ones.
  return tables.filter((table) => !/lemma/i.test(table.path));
}

/** The split of each picture by the lists beside the table, `Flickr_8k.devImages.txt`. */
async function splitLists(tree: FileTree): Promise<Map<string, Split>> {
  const splits = new Map<string, Split>();
  for (const file of tree.files) {
    const split = parseSplit(/([a-z]+)_?images?\.txt$/i.exec(baseName(file.path))?.[1] ?? '');
    if (!split) continue;
    for (const name of (await readText(file)).split(/\r?\n/)) if (name.trim()) splits.set(name.trim(), split);
  }
  return splits;
}
