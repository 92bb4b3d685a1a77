/**
 * Line-aligned text, as machine translation keeps it (Multi30k): a list with a picture's name a line, and files of the same number of lines whose endings
 * are languages (`captions.en`, `captions.de`).
 */
import type { FieldValues } from '../../core/fields.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { baseName, ending, folderOf, splitOfPath, stem } from '../sources/paths.ts';
import { readText } from '../sources/text.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { createCollector } from './collect.ts';
import type { Reader } from './reader.ts';

interface Aligned {
  list: SourceFile;
  names: string[];
  /** Share of the names whose picture is here. */
  found: number;
  /** By language. */
  texts: Map<string, { file: SourceFile; lines: string[] }>;
}

const all = '*';

export const parallelText: Reader = {
  id: 'parallel-text',
  title: { en: 'Line-aligned captions', zh: '逐行对齐的说明' },
  summary: {
    en: 'A list of pictures and captions.en, captions.de, … with as many lines.',
    zh: '一个图片列表，以及行数相同的 captions.en、captions.de 等文件。',
  },
  async detect(tree) {
    const aligned = await alignedOf(tree);
    if (!aligned) return undefined;
    const languages = [...aligned.texts.keys()];
    const first = languageFor({}, languages);
    return {
      confidence: 0.96 * aligned.found,
      options: { language: first },
      fields: [
        {
          kind: 'choice',
          key: 'language',
          label: { en: 'Language', zh: '语言' },
          help: {
            en: 'Whose lines become captions; all: each picture has one of each.',
            zh: '以哪种语言的行作为说明；全部：每张图片每种语言各一条。',
          },
          default: first,
          choices: [
            ...languages.map((value) => ({ value, label: { en: value, zh: value } })),
            { value: all, label: { en: 'all', zh: '全部' } },
          ],
        },
      ],
    };
  },
  async read(tree, options) {
    const aligned = await alignedOf(tree);
    const collector = createCollector();
    if (!aligned) return collector.finish();
    const { list, names, texts } = aligned;
    const { find, pictures } = pictureLookup(tree);
    const language = languageFor(options, [...texts.keys()]);
    const chosen = [...texts].filter(([key]) => language === all || key === language);
    for (const [index, name] of names.entries()) {
      const picture = find(name, folderOf(list.path));
      if (!picture) {
        collector.missing(name, `${list.path}:${index + 1}`);
        continue;
      }
      for (const [, { file, lines }] of chosen)
        collector.add(picture, name, lines[index], splitOfPath(list.path), `${file.path}:${index + 1}`);
    }
    return collector.finish(pictures, list.path);
  },
};

function languageFor(options: FieldValues, languages: readonly string[]): string {
  const { language } = options;
  if (language === all || (typeof language === 'string' && languages.includes(language))) return language;
  return languages.includes('en') ? 'en' : languages[0];
}

/** The list of which most pictures are here, with the texts that fit it. */
async function alignedOf(tree: FileTree): Promise<Aligned | undefined> {
  const { find, pictures } = pictureLookup(tree);
  if (pictures.length === 0) return undefined;
  const texts: { file: SourceFile; lines: string[] }[] = [];
  for (const file of tree.files) {
    const kind = ending(file.path);
    if (kind === 'txt' || kind === 'lst' || /^[a-z]{2,3}([-_][a-z]{2,4})?$/i.test(kind))
      if (!otherKinds.has(kind)) texts.push({ file, lines: linesOf(await readText(file)) });
  }
  let best: Aligned | undefined;
  for (const { file, lines } of texts) {
    const names = lines.map((line) => line.trim().split(/#\d+$/)[0]);
    const found = names.filter((name) => find(name, folderOf(file.path))).length / Math.max(1, names.length);
    if (names.length < 2 || found <= (best?.found ?? 0.5)) continue;
    const beside = texts.filter(
      (other) =>
        other.file !== file &&
        other.lines.length === lines.length &&
        folderOf(other.file.path) === folderOf(file.path) &&
        !other.lines.every((line) => find(line.trim(), folderOf(other.file.path))),
    );
    if (beside.length === 0) continue;
    best = {
      list: file,
      names,
      found,
      texts: new Map(beside.map((other) => [languageOf(other.file.path), other])),
    };
  }
  return best;
}

/** Short endings that are no language. */
const otherKinds = new Set([
  ...[
    'png',
    'jpg',
    'jpe',
    'gif',
    'bmp',
    'wav',
    'mp3',
    'ogg',
    'oga',
    'm4a',
    'aac',
    'aif',
    'mp4',
    'mov',
    'avi',
  ],
  ...[
    'csv',
    'tsv',
    'tab',
    'zip',
    'tar',
    'tgz',
    'gz',
    'md',
    'py',
    'js',
    'ts',
    'sh',
    'pdf',
    'doc',
    'xls',
    'xml',
  ],
  ...[
    'yml',
    'ini',
    'cfg',
    'log',
    'bin',
    'npy',
    'npz',
    'pkl',
    'pt',
    'db',
    'cls',
    'svg',
    'ico',
    'tif',
    'srt',
    'vtt',
  ],
]);

/** The ending; of `captions.txt` the name. */
const languageOf = (path: string) => (ending(path) === 'txt' ? stem(baseName(path)) : ending(path));

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
