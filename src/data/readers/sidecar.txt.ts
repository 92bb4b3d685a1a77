/**
 * Words beside each picture in a text file of the same name: `cat.png` and `cat.txt`, as kohya's trainer and
 * img2dataset write them. The repeat count in kohya's folder names (`10_style`) is not a caption and is ignored.
 */
import type { FieldValues } from '../../core/fields.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { baseName, ending, splitOfPath, stem } from '../sources/paths.ts';
import { readText } from '../sources/text.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { createCollector } from './collect.ts';
import type { Reader } from './reader.ts';

export const sidecarTxt: Reader = {
  id: 'sidecar-txt',
  title: { en: 'Text file beside each picture', zh: '每张图片旁的文本文件' },
  summary: {
    en: 'cat.png with cat.txt, as kohya’s trainer and img2dataset write them.',
    zh: 'cat.png 配 cat.txt，即 kohya 训练器与 img2dataset 的写法。',
  },
  async detect(tree) {
    const { pictures } = pictureLookup(tree);
    const texts = textsByStem(tree);
    const paired = pictures.filter((picture) => texts.has(stem(picture.path)));
    if (paired.length === 0) return undefined;
    const heads = await Promise.all(
      paired.slice(0, 20).flatMap((picture) => (texts.get(stem(picture.path)) ?? []).map(readText)),
    );
    const several = heads.filter((text) => linesOf(text).length > 1).length > heads.length / 2;
    return {
      confidence: (0.9 * paired.length) / pictures.length,
      options: { lines: several },
      fields: [
        {
          kind: 'switch',
          key: 'lines',
          label: { en: 'One caption a line', zh: '每行一条说明' },
          help: {
            en: 'On: every line is a caption of its own. Off: the whole file is one caption.',
            zh: '开启：每行是一条独立说明。关闭：整个文件是一条说明。',
          },
          default: several,
        },
      ],
    };
  },
  async read(tree, options: FieldValues) {
    const { pictures } = pictureLookup(tree);
    const texts = textsByStem(tree);
    const collector = createCollector();
    for (const picture of pictures) {
      const own = texts.get(stem(picture.path)) ?? [];
      texts.delete(stem(picture.path));
      for (const text of own) {
        const words = await readText(text);
        const captions = options.lines === true ? linesOf(words) : [words];
        for (const caption of captions.length > 0 ? captions : [''])
          collector.add(picture, baseName(picture.path), caption, splitOfPath(picture.path), text.path);
      }
    }
    for (const [name, [text]] of texts)
      if (!/^(readme|licen[cs]e|notes?)\b/i.test(baseName(name)))
        collector.missing(`${baseName(name)}.png, .jpg, …`, text.path);
    return collector.finish(pictures, '.txt');
  },
};

/** The text files of each picture, by its path without ending. */
function textsByStem(tree: FileTree): Map<string, SourceFile[]> {
  const stems = new Set(pictureLookup(tree).pictures.map((picture) => stem(picture.path)));
  const texts = new Map<string, SourceFile[]>();
  for (const file of tree.files) {
    if (!['txt', 'caption'].includes(ending(file.path))) continue;
    const whole = stem(file.path);
    // WebDataset writes several texts of one key as key.caption.0.txt; its key ends at the first dot of the name.
    const name = baseName(file.path);
    const key = `${file.path.slice(0, -name.length)}${name.split('.', 1)[0]}`;
    const owner = stems.has(whole) || !stems.has(key) ? whole : key;
    texts.set(owner, [...(texts.get(owner) ?? []), file]);
  }
  return texts;
}

const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
