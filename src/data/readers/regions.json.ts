/**
 * Boxes in pictures with a phrase or a class each: COCO's instances (cocodataset.org), whose boxes name a category, and Visual Genome's region
 * descriptions. Each box becomes a sample: what it holds, with its phrase.
 */

import type { Skipped } from '../../core/progress.ts';
import type { Frame } from '../image/resize.ts';
import { readJson } from '../sources/json.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { ending, folderOf, splitOfPath } from '../sources/paths.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { settle } from './collect.ts';
import type { Reader, Sample } from './reader.ts';
import { isObject } from './records.ts';
import { shownName, splitOfTable } from './tables.ts';

interface Region {
  /** Name or number of the picture. */
  picture: string;
  phrase: string;
  box: Frame;
  place: string;
  file: SourceFile;
}

export const regionsJson: Reader = {
  id: 'regions-json',
  title: { en: 'Boxes with phrases', zh: '带文字的区域框' },
  summary: {
    en: 'COCO instances or Visual Genome regions: each box is cut out and paired with its phrase.',
    zh: 'COCO 实例或 Visual Genome 区域：每个框裁出后与其文字配对。',
  },
  async detect(tree) {
    const regions = (await contents(tree)).regions;
    if (regions.length === 0) return undefined;
    const find = finder(tree);
    const looked = regions.slice(0, 100);
    const here = looked.filter(find).length;
    return {
      confidence: 0.2 + 0.74 * Math.sqrt(here / looked.length),
      options: { smallest: 8 },
      fields: [
        {
          kind: 'integer',
          key: 'smallest',
          label: { en: 'Smallest side', zh: '最小边长' },
          help: { en: 'Pixels; boxes with a shorter side are left out.', zh: '像素；边长更短的框不读取。' },
          default: 8,
          min: 1,
          max: 1024,
        },
      ],
    };
  },
  async read(tree, options) {
    const smallest = typeof options.smallest === 'number' ? options.smallest : 8;
    const { regions, skipped } = await contents(tree);
    const find = finder(tree);
    const counts = new Map<string, number>();
    const samples: Sample[] = [];
    for (const region of regions) {
      const { picture, phrase, box, place, file } = region;
      const source = find(region);
      if (!source) skipped.push({ file: picture, code: 'file-missing', params: { file: picture, place } });
      else if (phrase === '')
        skipped.push({ file: picture, code: 'caption-empty', params: { file: picture, place } });
      else if (Math.min(box.width, box.height) < smallest)
        skipped.push({
          file: place,
          code: 'row-malformed',
          params: { place, message: `the box is ${box.width} × ${box.height} pixels` },
        });
      else {
        const count = (counts.get(source.path) ?? 0) + 1;
        counts.set(source.path, count);
        samples.push({
          source,
          box,
          file: `${shownName(picture, source)} [${count}]`,
          captions: [phrase],
          split: splitOfPath(source.path) ?? splitOfTable(file.path),
        });
      }
    }
    return { samples: settle(samples), skipped };
  },
};

function finder(tree: FileTree) {
  const { find } = pictureLookup(tree);
  return ({ picture, file }: Region) => find(picture, folderOf(file.path));
}

async function contents(tree: FileTree): Promise<{ regions: Region[]; skipped: Skipped[] }> {
  const regions: Region[] = [];
  const skipped: Skipped[] = [];
  for (const file of tree.files) {
    if (ending(file.path) !== 'json') continue;
    const add = (
      list: string,
      index: number,
      region: Pick<Region, 'picture' | 'phrase'> | undefined,
      box?: Frame,
    ) => {
      const place = `${file.path}: ${list} ${index + 1}`;
      if (region && box) regions.push({ ...region, box, place, file });
      else
        skipped.push({
          file: place,
          code: 'row-malformed',
          params: { place, message: 'it lacks a picture or a box' },
        });
    };
    readCoco(await readJson(file, ['annotations', 'bbox', 'category_id']), add);
    readGenome(await readJson(file, ['regions', 'phrase', 'width', 'height']), add);
  }
  return { regions, skipped };
}

type Add = (
  list: string,
  index: number,
  region: { picture: string; phrase: string } | undefined,
  box?: Frame,
) => void;

/** `bbox` is x, y, width, height; a caption of a box's own counts before its category. */
function readCoco(json: unknown, add: Add): void {
  if (!isObject(json) || !Array.isArray(json.images) || !Array.isArray(json.annotations)) return;
  const named = (list: unknown, key: string) =>
    new Map(
      (Array.isArray(list) ? list : []).flatMap((one): [string, string][] =>
        isObject(one) && typeof one[key] === 'string' ? [[String(one.id), one[key]]] : [],
      ),
    );
  const pictures = named(json.images, 'file_name');
  const categories = named(json.categories, 'name');
  for (const [index, one] of json.annotations.entries()) {
    if (!isObject(one) || !Array.isArray(one.bbox)) {
      add('annotation', index, undefined);
      continue;
    }
    const picture = pictures.get(String(one.image_id));
    const phrase =
      typeof one.caption === 'string' ? one.caption : (categories.get(String(one.category_id)) ?? '');
    add(
      'annotation',
      index,
      picture === undefined ? undefined : { picture, phrase: phrase.trim() },
      frame(one.bbox),
    );
  }
}

/** A list of pictures with their regions; pictures are called by their number. */
function readGenome(json: unknown, add: Add): void {
  if (!Array.isArray(json)) return;
  for (const one of json) {
    if (!isObject(one) || !Array.isArray(one.regions)) continue;
    for (const [index, region] of one.regions.entries()) {
      if (!isObject(region)) continue;
      const { x, y, width, height, phrase, image_id = one.id } = region;
      add(
        `picture ${String(one.id)}, region`,
        index,
        { picture: String(image_id), phrase: typeof phrase === 'string' ? phrase.trim() : '' },
        frame([x, y, width, height]),
      );
    }
  }
}

function frame(numbers: readonly unknown[]): Frame | undefined {
  const [x, y, width, height] = numbers.map((value) => (typeof value === 'number' ? value : Number.NaN));
  return [x, y, width, height].every(Number.isFinite) && width > 0 && height > 0
    ? { x, y, width, height }
    : undefined;
}
