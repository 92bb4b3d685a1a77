/**
 * WebDataset with classes (github.com/webdataset/webdataset): samples are files of one key, `0007.png` and `0007.cls`, whose number is the class. Names come
 * from a `classes.txt` beside them where there is one; words of the key (`0007.txt`) are its captions.
 */
import { pictureLookup } from '../sources/lookup.ts';
import { baseName, ending, folderOf, splitOfPath, stem } from '../sources/paths.ts';
import { readText } from '../sources/text.ts';
import type { FileTree } from '../sources/tree.ts';
import { settle } from './collect.ts';
import type { Reader, Sample } from './reader.ts';
import { describeTarget } from './targets.ts';

export const webdatasetCls: Reader = {
  id: 'webdataset-cls',
  title: { en: 'WebDataset with classes', zh: '带类别的 WebDataset' },
  summary: {
    en: 'Files of one key: 0007.png and 0007.cls, the number of its class.',
    zh: '同一键名的文件：0007.png 与 0007.cls（类别编号）。',
  },
  async detect(tree) {
    const { pictures } = pictureLookup(tree);
    const classes = byStem(tree, 'cls');
    const paired = pictures.filter((picture) => classes.has(stem(picture.path))).length;
    return paired === 0
      ? undefined
      : { confidence: (0.93 * paired) / pictures.length, options: {}, fields: [] };
  },
  async read(tree) {
    const classes = byStem(tree, 'cls');
    const texts = byStem(tree, 'txt');
    const names = await classNames(tree);
    const samples: (Sample & { label: string })[] = [];
    for (const picture of pictureLookup(tree).pictures) {
      const key = stem(picture.path);
      const file = classes.get(key);
      const number = file ? (await readText(file)).trim() : '';
      const text = texts.get(key);
      const caption = text ? (await readText(text)).trim() : '';
      samples.push({
        source: picture,
        file: picture.path,
        captions: caption === '' ? [] : [caption],
        // −1 stands for none.
        label: Number(number) < 0 ? '' : (names[Number(number)] ?? number),
        split: splitOfPath(picture.path),
      });
    }
    const { target, numbersOf } = describeTarget(
      'class',
      'class',
      samples.map(({ label }) => label),
    );
    return {
      samples: settle(samples.map(({ label, ...sample }) => ({ ...sample, targets: numbersOf(label) }))),
      skipped: [],
      target,
      partial: true,
    };
  },
};

const byStem = (tree: FileTree, kind: string) =>
  new Map(tree.files.filter(({ path }) => ending(path) === kind).map((file) => [stem(file.path), file]));

async function classNames(tree: FileTree): Promise<string[]> {
  const file = tree.files.find(
    ({ path }) => /^(classes|labels|classnames)\.txt$/i.test(baseName(path)) && folderOf(path) === '',
  );
  return file ? (await readText(file)).split(/\r?\n/).map((line) => line.trim()) : [];
}
