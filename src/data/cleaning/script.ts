/** Leaves out samples whose captions are written in other scripts than those allowed. No model: letters are counted by Unicode's Script property. */
import type { Field, Text } from '../../core/fields.ts';
import { each, numberOf, type Rule } from './rule.ts';

const scripts: { key: string; label: Text; letters: RegExp; on?: boolean }[] = [
  { key: 'latin', label: { en: 'Latin', zh: '拉丁字母' }, letters: /\p{Script=Latin}/gu, on: true },
  { key: 'han', label: { en: 'Chinese characters', zh: '汉字' }, letters: /\p{Script=Han}/gu, on: true },
  { key: 'kana', label: { en: 'Kana', zh: '假名' }, letters: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu },
  { key: 'hangul', label: { en: 'Hangul', zh: '谚文' }, letters: /\p{Script=Hangul}/gu },
  { key: 'cyrillic', label: { en: 'Cyrillic', zh: '西里尔字母' }, letters: /\p{Script=Cyrillic}/gu },
  { key: 'greek', label: { en: 'Greek', zh: '希腊字母' }, letters: /\p{Script=Greek}/gu },
  { key: 'arabic', label: { en: 'Arabic', zh: '阿拉伯字母' }, letters: /\p{Script=Arabic}/gu },
  { key: 'hebrew', label: { en: 'Hebrew', zh: '希伯来字母' }, letters: /\p{Script=Hebrew}/gu },
  { key: 'devanagari', label: { en: 'Devanagari', zh: '天城文' }, letters: /\p{Script=Devanagari}/gu },
  { key: 'thai', label: { en: 'Thai', zh: '泰文' }, letters: /\p{Script=Thai}/gu },
];
const letter = /\p{L}/gu;
const count = (text: string, letters: RegExp) => text.match(letters)?.length ?? 0;

export const script: Rule = {
  type: 'script',
  title: { en: 'Writing', zh: '书写系统' },
  summary: {
    en: 'Leaves out samples none of whose captions is written in the allowed scripts. It tells scripts apart, not languages: French passes where Latin does. Captions without letters stay.',
    zh: '去除没有任何一条文字使用所选书写系统的样本。它区分的是书写系统而不是语言：允许拉丁字母时法语也会保留。没有字母的文字会保留。',
  },
  measure: { en: 'share of allowed letters', zh: '所选字母的比例' },
  needs: 'text',
  fields: [
    {
      key: 'share',
      kind: 'number',
      label: { en: 'Share of letters', zh: '字母比例' },
      help: {
        en: 'Of a caption’s letters, at least so many must be of an allowed script.',
        zh: '一条文字的字母中，至少这一比例须属于所选书写系统。',
      },
      default: 0.8,
      min: 0,
      max: 1,
      step: 0.05,
    },
    ...scripts.map(
      ({ key, label, on = false }): Field => ({
        key,
        kind: 'switch',
        label,
        help: { en: 'Allowed.', zh: '允许。' },
        default: on,
        advanced: !on,
      }),
    ),
  ],
  judge(subject, values) {
    const allowed = scripts.filter(({ key }) => values[key] === true);
    const least = numberOf(values, 'share');
    return each(subject, (sample) => {
      const shares = subject.dataset.captions[sample].map((caption) => {
        const all = count(caption, letter);
        return all === 0 ? 1 : allowed.reduce((sum, { letters }) => sum + count(caption, letters), 0) / all;
      });
      const best = Math.max(...shares);
      return best >= least ? undefined : { figure: best };
    });
  },
};
