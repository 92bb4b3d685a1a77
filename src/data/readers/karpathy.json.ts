/**
 * Karpathy's `dataset_flickr8k.json`, `dataset_flickr30k.json` and `dataset_coco.json`: pictures with sentences and the
 * splits that most captioning papers use. COCO's `restval` is training data by custom.
 */

import { readJson } from '../sources/json.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { ending, folderOf, parseSplit } from '../sources/paths.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { createCollector } from './collect.ts';
import type { Reader } from './reader.ts';
import { isObject } from './records.ts';

export const karpathyJson: Reader = {
  id: 'karpathy-json',
  title: { en: 'Karpathy’s splits (JSON)', zh: 'Karpathy 划分（JSON）' },
  summary: {
    en: 'dataset_flickr8k.json and its kin: pictures with sentences and a split each.',
    zh: 'dataset_flickr8k.json 等：每张图片带有若干句子与所属划分。',
  },
  async detect(tree) {
    const files = await filesOf(tree);
    if (files.length === 0) return undefined;
    const lookup = pictureLookup(tree);
    const names = files.flatMap(({ file, images }) =>
      images.slice(0, 60).map((image) => lookup.find(nameOf(image) ?? '', folderOf(file.path))),
    );
    const found = names.filter(Boolean).length / Math.max(1, names.length);
    return { confidence: 0.97 * (0.2 + 0.8 * found), options: {}, fields: [] };
  },
  async read(tree) {
    const files = await filesOf(tree);
    const lookup = pictureLookup(tree);
    const collector = createCollector();
    for (const { file, images } of files)
      for (const [index, image] of images.entries()) {
        const place = `${file.path}: image ${index + 1}`;
        const name = nameOf(image);
        if (!isObject(image) || name === undefined) {
          collector.malformed(place, 'it has no filename');
          continue;
        }
        const picture = lookup.find(name, folderOf(file.path));
        const sentences: unknown[] = Array.isArray(image.sentences) ? image.sentences : [];
        const captions = sentences.map((one) =>
          isObject(one) && typeof one.raw === 'string' ? one.raw : '',
        );
        const split = image.split === 'restval' ? 'train' : parseSplit(String(image.split ?? ''));
        if (!picture) collector.missing(name, place);
        else
          for (const caption of captions.length > 0 ? captions : [''])
            collector.add(picture, String(image.filename), caption, split, place);
      }
    return collector.finish(lookup.pictures, files.map(({ file }) => file.path).join(', '));
  },
};

/** COCO's pictures lie in folders that the file names apart. */
function nameOf(image: unknown): string | undefined {
  if (!isObject(image) || typeof image.filename !== 'string') return undefined;
  return typeof image.filepath === 'string' ? `${image.filepath}/${image.filename}` : image.filename;
}

async function filesOf(tree: FileTree): Promise<{ file: SourceFile; images: unknown[] }[]> {
  const found: { file: SourceFile; images: unknown[] }[] = [];
  for (const file of tree.files) {
    if (ending(file.path) !== 'json') continue;
    const json = await readJson(file, ['images', 'sentences', 'raw']);
    if (
      isObject(json) &&
      Array.isArray(json.images) &&
      json.images.some((image) => nameOf(image) !== undefined)
    )
      found.push({ file, images: json.images });
  }
  return found;
}
