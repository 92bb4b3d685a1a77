/**
 * Conversations about pictures, as LLaVA is tuned on (llava-vl.github.io): `image` and `conversations` of `human` and `gpt` in turn. What the model says is
 * what is learned: each answer is a caption, alone or with the words that it answers.
 */
import type { Skipped } from '../../core/progress.ts';
import { readJson } from '../sources/json.ts';
import { pictureLookup } from '../sources/lookup.ts';
import { ending, folderOf, splitOfPath } from '../sources/paths.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { createCollector } from './collect.ts';
import type { Reader } from './reader.ts';
import { isObject } from './records.ts';
import { shownName } from './tables.ts';

interface Talk {
  picture?: string;
  /** Question and answer of each turn. */
  turns: [question: string, answer: string][];
  place: string;
  file: SourceFile;
}

export const llavaJson: Reader = {
  id: 'llava-json',
  title: { en: 'Conversations about pictures (LLaVA)', zh: '关于图片的对话（LLaVA）' },
  summary: {
    en: 'Instruction data with <image>: each answer becomes a caption of the picture.',
    zh: '含 <image> 的指令数据：每个回答成为图片的一条说明。',
  },
  async detect(tree) {
    const pictured = (await talksOf(tree)).filter(({ picture }) => picture !== undefined);
    if (pictured.length === 0) return undefined;
    const { find } = pictureLookup(tree);
    const looked = pictured.slice(0, 100);
    const here = looked.filter(({ picture = '', file }) => find(picture, folderOf(file.path))).length;
    return {
      confidence: 0.3 + 0.68 * Math.sqrt(here / looked.length),
      options: { turns: 'all', questions: false },
      fields: [
        {
          kind: 'choice',
          key: 'turns',
          label: { en: 'Answers', zh: '回答' },
          help: { en: 'Which answers of a conversation become captions.', zh: '对话中的哪些回答成为说明。' },
          default: 'all',
          choices: [
            { value: 'all', label: { en: 'all', zh: '全部' } },
            { value: 'first', label: { en: 'the first', zh: '第一个' } },
          ],
        },
        {
          kind: 'switch',
          key: 'questions',
          label: { en: 'With the question', zh: '连同问题' },
          help: { en: 'The caption begins with what was asked.', zh: '说明以所提的问题开头。' },
          default: false,
        },
      ],
    };
  },
  async read(tree, options) {
    const { find } = pictureLookup(tree);
    const collector = createCollector();
    const textOnly: Skipped[] = [];
    for (const { picture, turns, place, file } of await talksOf(tree)) {
      if (picture === undefined) {
        textOnly.push({
          file: place,
          code: 'row-malformed',
          params: { place, message: 'the conversation has no picture' },
        });
        continue;
      }
      const found = find(picture, folderOf(file.path));
      if (!found) {
        collector.missing(picture, place);
        continue;
      }
      for (const [question, answer] of options.turns === 'first' ? turns.slice(0, 1) : turns) {
        const caption = options.questions === true ? `${question} ${answer}`.trim() : answer;
        collector.add(found, shownName(picture, found), caption, splitOfPath(file.path), place);
      }
    }
    const { samples, skipped } = collector.finish();
    return { samples, skipped: [...textOnly, ...skipped] };
  },
};

async function talksOf(tree: FileTree): Promise<Talk[]> {
  const talks: Talk[] = [];
  for (const file of tree.files) {
    if (ending(file.path) !== 'json') continue;
    const json = await readJson(file, ['conversations', 'from', 'value']);
    for (const [index, one] of (Array.isArray(json) ? json : []).entries()) {
      if (!isObject(one) || !Array.isArray(one.conversations)) continue;
      const place = `${file.path}: conversation ${index + 1}`;
      const [picture] = [one.image].flat();
      talks.push({
        ...(typeof picture === 'string' && { picture }),
        turns: turnsOf(one.conversations),
        place,
        file,
      });
    }
  }
  return talks;
}

function turnsOf(conversation: readonly unknown[]): Talk['turns'] {
  const turns: Talk['turns'] = [];
  let question = '';
  for (const one of conversation) {
    if (!isObject(one) || typeof one.value !== 'string') continue;
    const text = one.value.replaceAll('<image>', '').trim();
    if (one.from === 'human' || one.from === 'user') question = text;
    else {
      turns.push([question, text]);
      question = '';
    }
  }
  return turns;
}
