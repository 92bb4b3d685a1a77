/**
 * Sounds with transcripts as LJ Speech has them (keithito.com/LJ-Speech-Dataset): `metadata.csv` without a header, `id|transcript|normalized transcript`,
 * and `wavs/id.wav`.
 */
import type { Skipped } from '../../core/progress.ts';
import { soundLookup } from '../sources/lookup.ts';
import { baseName, ending, folderOf, splitOfPath } from '../sources/paths.ts';
import { readText } from '../sources/text.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { settle } from './collect.ts';
import type { Reader, Sample } from './reader.ts';

export const ljspeech: Reader = {
  id: 'ljspeech',
  title: { en: 'Sounds with transcripts (LJ Speech)', zh: '带文本的录音（LJ Speech）' },
  summary: {
    en: 'metadata.csv with id|transcript|normalized transcript, and wavs/id.wav.',
    zh: 'metadata.csv 为 编号|文本|规范化文本，录音在 wavs/ 下。',
  },
  async detect(tree) {
    const rows = await rowsOf(tree);
    const { find } = soundLookup(tree);
    const looked = rows.slice(0, 100);
    const here = looked.filter(({ id, file }) => find(id, folderOf(file.path))).length;
    if (here === 0) return undefined;
    return {
      confidence: 0.99 * Math.sqrt(here / looked.length),
      options: { normalized: true },
      fields: [
        {
          kind: 'switch',
          key: 'normalized',
          label: { en: 'Normalized transcript', zh: '规范化文本' },
          help: { en: 'The last column, with numbers as words.', zh: '最后一列，数字写成文字。' },
          default: true,
        },
      ],
    };
  },
  async read(tree, options) {
    const { find } = soundLookup(tree);
    const samples: Sample[] = [];
    const skipped: Skipped[] = [];
    for (const { id, texts, place, file } of await rowsOf(tree)) {
      const sound = find(id, folderOf(file.path));
      const text = (options.normalized === false ? texts[0] : texts.at(-1)) ?? '';
      if (!sound) skipped.push({ file: id, code: 'file-missing', params: { file: id, place } });
      else if (text === '') skipped.push({ file: id, code: 'caption-empty', params: { file: id, place } });
      else samples.push({ sound, file: sound.path, captions: [text], split: splitOfPath(sound.path) });
    }
    return { samples: settle(samples), skipped };
  },
};

interface Row {
  id: string;
  texts: string[];
  place: string;
  file: SourceFile;
}

async function rowsOf(tree: FileTree): Promise<Row[]> {
  const rows: Row[] = [];
  for (const file of tree.files) {
    if (
      !['csv', 'txt'].includes(ending(file.path)) ||
      !/^(metadata|transcripts?|.*filelist.*)\./i.test(baseName(file.path))
    )
      continue;
    for (const [index, line] of (await readText(file)).split(/\r?\n/).entries()) {
      const [id, ...texts] = line.split('|').map((part) => part.trim());
      if (id && texts.length > 0) rows.push({ id, texts, place: `${file.path}:${index + 1}`, file });
    }
  }
  return rows;
}
