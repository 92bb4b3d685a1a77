/**
 * Questions about pictures in the layout of easy-VQA (github.com/vzhou842/easy-VQA): `questions.json` is a list of [question, answer,
 * picture's id], the pictures are `images/<id>.png` beside it, `answers.txt` lists the answers.
 */

import type { Skipped } from '../../core/progress.ts';
import { readJson } from '../sources/json.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { baseName, folderOf, splitOfPath } from '../sources/paths.ts';
import { readText } from '../sources/text.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { settle } from './collect.ts';
import type { Reader, Sample } from './reader.ts';
import { inSplitOrder } from './tables.ts';
import { sortedNames } from './targets.ts';

type Question = [question: string, answer: string, picture: string | number];

interface QuestionFile {
  file: SourceFile;
  rows: unknown[];
}

export const easyVqa: Reader = {
  id: 'easy-vqa',
  title: { en: 'Questions about pictures', zh: '图片问答' },
  summary: {
    en: 'easy-VQA’s layout: questions.json with [question, answer, picture], images by number, answers.txt.',
    zh: 'easy-VQA 布局：questions.json 含 [问题, 答案, 图片编号]，图片以编号命名，另有 answers.txt。',
  },
  async detect(tree) {
    const [found] = await questionFiles(tree);
    if (!found) return undefined;
    const here = found.rows
      .slice(0, 50)
      .filter((row) => isQuestion(row) && pictureOf(tree, found.file, row)).length;
    return { confidence: 0.98 * Math.sqrt(here / Math.min(50, found.rows.length)), options: {}, fields: [] };
  },
  async read(tree) {
    const skipped: Skipped[] = [];
    const malformed = (place: string, message: string) =>
      skipped.push({ file: place, code: 'row-malformed', params: { place, message } });
    const samples = new Map<string, Sample & { answers: string[] }>();
    for (const { file, rows } of await questionFiles(tree)) {
      const split = splitOfPath(file.path);
      for (const [index, row] of rows.entries()) {
        const place = `${file.path}[${index}]`;
        if (!isQuestion(row)) {
          malformed(place, 'it is not [question, answer, picture]');
          continue;
        }
        const [question, answer] = row.map((part) => String(part).trim());
        const picture = pictureOf(tree, file, row);
        if (!picture) {
          const name = `${row[2]}.png`;
          skipped.push({ file: name, code: 'file-missing', params: { file: name, place } });
          continue;
        }
        if (question === '' || answer === '') {
          malformed(place, 'question or answer is empty');
          continue;
        }
        const sample = samples.get(picture.path) ?? {
          source: picture,
          file: picture.path,
          captions: [],
          answers: [],
          split,
        };
        samples.set(picture.path, sample);
        if (sample.captions.includes(question)) malformed(place, `“${question}” was asked already`);
        else {
          sample.captions.push(question);
          sample.answers.push(answer);
        }
      }
    }
    const list = [...samples.values()];
    const classes = await answersOf(
      tree,
      list.flatMap(({ answers }) => answers),
    );
    const place = new Map(classes.map((answer, index) => [answer, index]));
    return {
      samples: settle(
        list.map(({ answers, ...sample }) => ({
          ...sample,
          targets: answers.map((answer) => place.get(answer) ?? -1),
        })),
      ),
      skipped,
      target: { name: 'answer', kind: 'class', classes },
    };
  },
};

const isQuestion = (row: unknown): row is Question =>
  Array.isArray(row) &&
  row.length === 3 &&
  typeof row[0] === 'string' &&
  typeof row[1] === 'string' &&
  (typeof row[2] === 'number' || typeof row[2] === 'string');

async function questionFiles(tree: FileTree): Promise<QuestionFile[]> {
  const found: QuestionFile[] = [];
  for (const file of tree.files) {
    if (!/^questions[^/]*\.json$/i.test(baseName(file.path))) continue;
    const rows = await readJson(file, []);
    if (Array.isArray(rows) && isQuestion(rows[0])) found.push({ file, rows });
  }
  return inSplitOrder(found);
}

const pictureOf = (tree: FileTree, file: SourceFile, [, , id]: Question): SourceFile | undefined => {
  const { find } = pictureLookup(tree);
  const folder = folderOf(file.path);
  return find(`images/${id}.png`, folder) ?? find(`images/${id}.jpg`, folder) ?? find(String(id), folder);
};

/** The answers that the files list where they list all of them, else those that occur. */
async function answersOf(tree: FileTree, given: readonly string[]): Promise<string[]> {
  const occurring = new Set(given);
  const file = tree.files.find(({ path }) => /^answers\.txt$/i.test(baseName(path)));
  const listed = file ? (await readText(file)).split(/\r?\n/).map((line) => line.trim()) : [];
  const classes = [...new Set(listed.filter((line) => line !== ''))];
  return [...occurring].every((answer) => classes.includes(answer)) && classes.length > 0
    ? classes
    : sortedNames(occurring);
}
