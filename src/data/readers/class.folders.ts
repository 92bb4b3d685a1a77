/**
 * One folder for each class, as classifiers are trained from. The caption is the class name, alone or in a prompt:
 * CLIP was found to do better with “a photo of a …” (Radford et al. 2021, section 3.1.4).
 */
import type { FieldValues } from '../../core/fields.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { folderOf, parseSplit, splitOfPath } from '../sources/paths.ts';
import type { SourceFile } from '../sources/tree.ts';
import { createCollector } from './collect.ts';
import type { Reader } from './reader.ts';

const templates = [
  '{class}',
  'a photo of a {class}',
  'a photo of {class}',
  'a picture of a {class}',
  'a drawing of a {class}',
];

export const classFolders: Reader = {
  id: 'class-folders',
  title: { en: 'One folder for each class', zh: '每个类别一个文件夹' },
  summary: {
    en: 'The folder’s name is the caption of every picture in it.',
    zh: '文件夹名即其中所有图片的说明文字。',
  },
  async detect(tree) {
    const { pictures } = pictureLookup(tree);
    const classes = new Set(pictures.map((picture) => classOf(picture, 'nearest')));
    classes.delete('');
    if (classes.size < 2) return undefined;
    const inside = pictures.filter((picture) => classOf(picture, 'nearest') !== '').length;
    return {
      confidence: (0.6 * inside) / pictures.length,
      options: { template: templates[0], level: 'nearest', spaces: true },
      fields: [
        {
          kind: 'choice',
          key: 'template',
          label: { en: 'Caption', zh: '说明文字' },
          help: {
            en: 'What is made of the class name; a sentence suits models that later meet sentences.',
            zh: '由类别名生成的文字；若模型之后面对的是句子，请选择句子。',
          },
          default: templates[0],
          choices: templates.map((value) => ({ value, label: { en: value, zh: value } })),
        },
        {
          kind: 'choice',
          key: 'level',
          label: { en: 'Class name', zh: '类别名' },
          help: {
            en: 'Which folders name the class where folders lie in folders.',
            zh: '文件夹嵌套时，由哪些文件夹构成类别名。',
          },
          default: 'nearest',
          choices: [
            { value: 'nearest', label: { en: 'nearest folder', zh: '最近的文件夹' } },
            { value: 'path', label: { en: 'all folders', zh: '所有文件夹' } },
          ],
        },
        {
          kind: 'switch',
          key: 'spaces',
          label: { en: 'Read _ and - as blanks', zh: '将 _ 与 - 视作空格' },
          help: {
            en: '“golden_retriever” becomes “golden retriever”.',
            zh: '“golden_retriever” 变为 “golden retriever”。',
          },
          default: true,
        },
      ],
    };
  },
  async read(tree, options: FieldValues) {
    const { pictures } = pictureLookup(tree);
    const template =
      typeof options.template === 'string' && options.template.includes('{class}')
        ? options.template
        : templates[0];
    const collector = createCollector();
    for (const picture of pictures) {
      const name = classOf(picture, options.level === 'path' ? 'path' : 'nearest');
      const words = options.spaces === false ? name : name.replace(/[_-]+/g, ' ');
      const caption = name === '' ? '' : template.replaceAll('{class}', words.trim());
      collector.add(
        picture,
        picture.path,
        caption,
        splitOfPath(picture.path),
        folderOf(picture.path) || picture.path,
      );
    }
    return collector.finish();
  },
};

/** The class that the folders of a picture name, folders of splits aside; empty for none. */
function classOf(picture: SourceFile, level: 'nearest' | 'path'): string {
  const folders = folderOf(picture.path)
    .split('/')
    .filter((folder) => folder !== '' && !parseSplit(folder));
  return level === 'path' ? folders.join(' ') : (folders.at(-1) ?? '');
}
