/**
 * COCO captions: a JSON file with `images` (id, file_name) and `annotations` (image_id, caption). Several such files
 * (train2017, val2017) state the split by their names.
 */
import { readJson } from '../sources/json.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { baseName, ending, folderOf, parseSplit } from '../sources/paths.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { createCollector } from './collect.ts';
import type { Reader } from './reader.ts';
import { isObject } from './records.ts';

interface CocoFile {
  file: SourceFile;
  /** File name of each image id, in the file's order. */
  names: Map<string, string>;
  annotations: unknown[];
}

export const cocoCaptions: Reader = {
  id: 'coco-captions',
  title: { en: 'COCO captions', zh: 'COCO 图像描述' },
  summary: {
    en: 'A JSON file with images and annotations, as COCO publishes its captions.',
    zh: '含 images 与 annotations 的 JSON 文件，即 COCO 发布说明文字的格式。',
  },
  async detect(tree) {
    const files = await cocoFiles(tree);
    if (files.length === 0) return undefined;
    const names = files.flatMap(({ file, names }) =>
      [...names.values()].slice(0, 60).map((name) => ({ name, folder: folderOf(file.path) })),
    );
    const lookup = pictureLookup(tree);
    const found = names.filter(({ name, folder }) => lookup.find(name, folder)).length;
    return {
      confidence: 0.97 * (0.2 + (0.8 * found) / Math.max(1, names.length)),
      options: {},
      fields: [],
    };
  },
  async read(tree) {
    const files = await cocoFiles(tree);
    const lookup = pictureLookup(tree);
    const collector = createCollector();
    for (const { file, names, annotations } of files) {
      const split = splitOfName(file.path);
      const byImage = groupByImage(annotations, (index, message) =>
        collector.malformed(`${file.path}: annotation ${index + 1}`, message),
      );
      for (const [id, name] of names) {
        const place = `${file.path}: image ${id}`;
        const picture = lookup.find(name, folderOf(file.path));
        const captions = byImage.get(id) ?? [''];
        byImage.delete(id);
        if (!picture) collector.missing(name, place);
        else for (const caption of captions) collector.add(picture, name, caption, split, place);
      }
      for (const id of byImage.keys()) collector.missing(`image ${id}`, file.path);
    }
    return collector.finish(lookup.pictures, files.map(({ file }) => file.path).join(', '));
  },
};

/** `captions_train2017.json` → train. */
const splitOfName = (path: string) =>
  baseName(path)
    .split(/[_.-]/)
    .map(parseSplit)
    .find((split) => split !== undefined);

function groupByImage(
  annotations: readonly unknown[],
  malformed: (index: number, message: string) => void,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [index, annotation] of annotations.entries()) {
    if (!isObject(annotation) || annotation.image_id === undefined) malformed(index, 'it names no image');
    else if (typeof annotation.caption !== 'string') malformed(index, 'it has no caption');
    else {
      const id = String(annotation.image_id);
      groups.set(id, [...(groups.get(id) ?? []), annotation.caption]);
    }
  }
  return groups;
}

async function cocoFiles(tree: FileTree): Promise<CocoFile[]> {
  const found: CocoFile[] = [];
  for (const file of tree.files) {
    if (ending(file.path) !== 'json') continue;
    const coco = parseCoco(file, await readJson(file, ['images', 'annotations', 'caption']));
    if (coco) found.push(coco);
  }
  return found.sort(
    (a, b) => Number(splitOfName(b.file.path) === 'train') - Number(splitOfName(a.file.path) === 'train'),
  );
}

function parseCoco(file: SourceFile, json: unknown): CocoFile | undefined {
  if (!isObject(json) || !Array.isArray(json.images) || !Array.isArray(json.annotations)) return undefined;
  const names = new Map<string, string>();
  for (const image of json.images as unknown[])
    if (isObject(image) && typeof image.file_name === 'string') names.set(String(image.id), image.file_name);
  return names.size === 0 ? undefined : { file, names, annotations: json.annotations };
}
