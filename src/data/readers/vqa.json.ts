/**
 * Questions about pictures with answers of several people, in the layout of VQA (visualqa.org): a questions file and an annotations file of the same
 * question ids; pictures are `COCO_val2014_000000000042.jpg`. The answer to learn is the annotations' `multiple_choice_answer`, the most frequent one.
 */
import type { Skipped } from '../../core/progress.ts';
import { readJson } from '../sources/json.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { baseName, folderOf, parseSplit, splitOfPath, stem } from '../sources/paths.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { settle } from './collect.ts';
import type { Reader, Sample } from './reader.ts';
import { isObject } from './records.ts';
import { sortedNames } from './targets.ts';

interface Question {
  id: number | string;
  picture: number | string;
  text: string;
  place: string;
  file: SourceFile;
}

export const vqaJson: Reader = {
  id: 'vqa-json',
  title: { en: 'Questions with answers (VQA)', zh: '带答案的图片问题（VQA）' },
  summary: {
    en: 'VQA’s questions file and annotations file with ten answers each; the most frequent one is learned.',
    zh: 'VQA 的问题文件与标注文件，每题十个答案，学习出现最多的那个。',
  },
  async detect(tree) {
    const { questions, answers } = await contents(tree);
    if (questions.length === 0 || answers.size === 0) return undefined;
    const find = pictureFinder(tree);
    const looked = questions.slice(0, 100);
    const here = looked.filter((question) => find(question) && answers.has(String(question.id))).length;
    return { confidence: 0.3 + 0.69 * Math.sqrt(here / looked.length), options: {}, fields: [] };
  },
  async read(tree) {
    const { questions, answers, skipped } = await contents(tree);
    const find = pictureFinder(tree);
    const samples = new Map<string, Sample & { answers: string[] }>();
    const malformed = (place: string, message: string) =>
      skipped.push({ file: place, code: 'row-malformed', params: { place, message } });
    for (const question of questions) {
      const { id, text, place, file } = question;
      const answer = answers.get(String(id));
      if (answer === undefined) {
        malformed(place, `question ${id} has no answer`);
        continue;
      }
      const picture = find(question);
      if (!picture) {
        const name = `${question.picture}`;
        skipped.push({ file: name, code: 'file-missing', params: { file: name, place } });
        continue;
      }
      const known = samples.get(picture.path);
      const split = splitOfPath(picture.path) ?? splitOfName(file.path);
      const sample = known ?? { source: picture, file: picture.path, captions: [], answers: [], split };
      samples.set(picture.path, sample);
      if (sample.captions.includes(text)) malformed(place, `“${text}” was asked already`);
      else {
        sample.captions.push(text);
        sample.answers.push(answer);
      }
    }
    const list = [...samples.values()];
    const classes = sortedNames(list.flatMap((sample) => sample.answers));
    const number = new Map(classes.map((answer, index) => [answer, index]));
    return {
      samples: settle(
        list.map(({ answers: given, ...sample }) => ({
          ...sample,
          targets: given.map((answer) => number.get(answer) ?? -1),
        })),
      ),
      skipped,
      target: { name: 'answer', kind: 'class', classes },
    };
  },
};

const isId = (value: unknown): value is number | string =>
  typeof value === 'number' || typeof value === 'string';

/** All questions, and the answer to each question's id. */
async function contents(tree: FileTree) {
  const questions: Question[] = [];
  const answers = new Map<string, string>();
  const skipped: Skipped[] = [];
  for (const file of tree.files) {
    if (!file.path.toLowerCase().endsWith('.json')) continue;
    const json = await readJson(file, ['question_id']);
    if (!isObject(json)) continue;
    const place = (list: string, index: number) => `${file.path}: ${list} ${index + 1}`;
    const malformed = (where: string, message: string) =>
      skipped.push({ file: where, code: 'row-malformed', params: { place: where, message } });
    const asked: unknown[] = Array.isArray(json.questions) ? json.questions : [];
    for (const [index, one] of asked.entries()) {
      const where = place('question', index);
      if (isObject(one) && isId(one.question_id) && isId(one.image_id) && typeof one.question === 'string')
        questions.push({
          id: one.question_id,
          picture: one.image_id,
          text: one.question.trim(),
          place: where,
          file,
        });
      else malformed(where, 'it lacks question_id, image_id or question');
    }
    const annotations: unknown[] = Array.isArray(json.annotations) ? json.annotations : [];
    for (const [index, one] of annotations.entries()) {
      const answer = isObject(one) ? answerOf(one) : undefined;
      if (isObject(one) && isId(one.question_id) && answer) answers.set(String(one.question_id), answer);
      else malformed(place('annotation', index), 'it lacks question_id or an answer');
    }
  }
  return { questions, answers, skipped };
}

function answerOf({ multiple_choice_answer, answers }: Record<string, unknown>): string | undefined {
  if (typeof multiple_choice_answer === 'string') return multiple_choice_answer.trim();
  const counts = new Map<string, number>();
  for (const one of Array.isArray(answers) ? answers : [])
    if (isObject(one) && typeof one.answer === 'string')
      counts.set(one.answer.trim(), (counts.get(one.answer.trim()) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** Pictures are known by the number at the end of their names, or by their names. */
function pictureFinder(tree: FileTree) {
  const { pictures, find } = pictureLookup(tree);
  const byNumber = new Map<string, SourceFile>();
  for (const picture of pictures) {
    const digits = /\d+$/.exec(stem(baseName(picture.path)))?.[0];
    if (digits !== undefined) byNumber.set(String(Number(digits)), picture);
  }
  return ({ picture, file }: Question): SourceFile | undefined =>
    find(String(picture), folderOf(file.path)) ?? byNumber.get(String(picture));
}

/** `v2_OpenEnded_mscoco_val2014_questions.json` */
function splitOfName(path: string) {
  for (const word of stem(baseName(path)).split(/[_\W]+/)) {
    const split = parseSplit(word);
    if (split) return split;
  }
  return undefined;
}
