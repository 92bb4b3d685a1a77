/**
 * One folder for each class, of pictures or of sounds (Speech Commands), as classifiers are trained from. The caption is the class name, alone or in a prompt:
 * CLIP was found to do better with “a photo of a …” (Radford et al. 2021, section 3.1.4).
 */
import type { FieldValues } from '../../core/fields.ts';
import type { Split } from '../dataset.ts';
import { pictureLookup, soundLookup } from '../sources/lookup.ts';
import { baseName, folderOf, isPicture, parseSplit, splitOfPath } from '../sources/paths.ts';
import { readText } from '../sources/text.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { createCollector, settle } from './collect.ts';
import type { Reader, Sample } from './reader.ts';
import { describeTarget } from './targets.ts';

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
    const media = mediaOf(tree);
    const classes = new Set(media.map((file) => classOf(file, 'nearest')));
    classes.delete('');
    if (classes.size < 2) return undefined;
    const inside = media.filter((file) => classOf(file, 'nearest') !== '').length;
    return {
      confidence: (0.6 * inside) / media.length,
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
    const template =
      typeof options.template === 'string' && options.template.includes('{class}')
        ? options.template
        : templates[0];
    const media = mediaOf(tree);
    const listed = await listedSplits(tree);
    const collector = createCollector();
    const sounds: (Sample & { label: string })[] = [];
    for (const file of media) {
      const name = classOf(file, options.level === 'path' ? 'path' : 'nearest');
      const words = (options.spaces === false ? name : name.replace(/[_-]+/g, ' ')).trim();
      const caption = name === '' ? '' : template.replaceAll('{class}', words);
      const split = listed.get(file.path) ?? splitOfPath(file.path);
      const place = folderOf(file.path) || file.path;
      if (isPicture(file.path)) collector.add(file, file.path, caption, split, place);
      else if (caption === '') collector.empty(file.path, place);
      else sounds.push({ sound: file, file: file.path, captions: [caption], label: words, split });
    }
    const { samples, skipped } = collector.finish();
    if (sounds.length === 0) return { samples, skipped };
    const { target, numbersOf } = describeTarget(
      'class',
      'class',
      sounds.map(({ label }) => label),
    );
    return {
      samples: settle(sounds.map(({ label, ...sample }) => ({ ...sample, targets: numbersOf(label) }))),
      skipped,
      target,
    };
  },
};

/** The pictures, or the sounds where there are none; `_background_noise_` of Speech Commands is no class. */
function mediaOf(tree: FileTree): SourceFile[] {
  const { pictures } = pictureLookup(tree);
  if (pictures.length > 0) return pictures;
  return soundLookup(tree).sounds.filter(({ path }) => !/(^|\/)_[^/]+_\//.test(path));
}

/** Splits that lists state, as Speech Commands has them (`validation_list.txt`, `testing_list.txt`). */
async function listedSplits(tree: FileTree): Promise<Map<string, Split>> {
  const splits = new Map<string, Split>();
  for (const file of tree.files) {
    const [, word] = /^([a-z]+)_list\.txt$/i.exec(baseName(file.path)) ?? [];
    const split = word && parseSplit(word);
    if (!split) continue;
    const folder = folderOf(file.path);
    for (const line of (await readText(file)).split(/\r?\n/))
      if (line.trim() !== '') splits.set(folder === '' ? line.trim() : `${folder}/${line.trim()}`, split);
  }
  if (splits.size > 0) for (const { path } of mediaOf(tree)) if (!splits.has(path)) splits.set(path, 'train');
  return splits;
}

/** The class that the folders of a file name, folders of splits aside; empty for none. */
function classOf(file: SourceFile, level: 'nearest' | 'path'): string {
  const folders = folderOf(file.path)
    .split('/')
    .filter((folder) => folder !== '' && !parseSplit(folder));
  return level === 'path' ? folders.join(' ') : (folders.at(-1) ?? '');
}
