/** Leaves out exact copies: the first of equal samples stays. */
import { firstPairs, targetText } from '../having.ts';
import { storedPicture } from './pictures.ts';
import { each, type Rule } from './rule.ts';

type Numbers = Uint8Array | Int16Array | Float32Array;

/** FNV-1a over the bytes: candidates alone, which are then compared. */
function hashOf(parts: readonly Numbers[], words: string): number {
  let h = 0x811c9dc5;
  for (const part of parts) {
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i], 0x01000193);
    h = Math.imul(h ^ 0x2f, 0x01000193);
  }
  for (let i = 0; i < words.length; i++) h = Math.imul(h ^ words.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

// Object.is, so that missing cells, which are NaN, are equal.
const equal = (a: Numbers, b: Numbers) =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

export const duplicates: Rule = {
  type: 'duplicates',
  title: { en: 'Exact copies', zh: '完全重复' },
  summary: {
    en: 'Of samples that are equal to the bit as they are stored, the first stays.',
    zh: '在保存内容完全相同的样本中，只保留第一个。',
  },
  fields: [
    {
      key: 'by',
      kind: 'choice',
      label: { en: 'Equal in', zh: '相同的部分' },
      help: {
        en: 'With words apart, one picture under two captions is no copy.',
        zh: '若包括文字，则文字不同的同一图片不算重复。',
      },
      default: 'all',
      choices: [
        {
          value: 'all',
          label: { en: 'picture, sound, row, words and answer', zh: '图片、声音、数值、文字与答案' },
        },
        { value: 'content', label: { en: 'picture and sound', zh: '图片与声音' } },
      ],
    },
  ],
  judge(subject, values) {
    const { dataset } = subject;
    const { size, pictured, sound, table, target, captions } = dataset;
    const all = values['by'] === 'all';
    const first = firstPairs(captions);
    const partsOf = (sample: number): Numbers[] => {
      const parts: Numbers[] = [];
      if (size > 0 && pictured?.[sample] !== 0) parts.push(storedPicture(dataset, sample));
      if (sound) parts.push(sound.samples.subarray(sound.offsets[sample], sound.offsets[sample + 1]));
      if (table && all) {
        const cells = table.steps * table.columns.length;
        parts.push(table.values.subarray(sample * cells, (sample + 1) * cells));
      }
      return parts;
    };
    const wordsOf = (sample: number): string => {
      if (!all) return '';
      const answers = [];
      for (let pair = first[sample]; target && pair < first[sample + 1]; pair++)
        answers.push(targetText(target, pair));
      return JSON.stringify([captions[sample], answers]);
    };
    const known = new Map<number, number[]>();
    return each(subject, (sample) => {
      const parts = partsOf(sample);
      // Equal sentences alone are no copies where only pictures and sounds are asked about.
      if (!all && parts.every((part) => part.length === 0)) return undefined;
      const words = wordsOf(sample);
      const hash = hashOf(parts, words);
      const others = known.get(hash) ?? [];
      const like = others.find((other) => {
        const theirs = partsOf(other);
        return (
          theirs.length === parts.length &&
          wordsOf(other) === words &&
          theirs.every((part, i) => equal(part, parts[i]))
        );
      });
      if (like === undefined) known.set(hash, [...others, sample]);
      return like === undefined ? undefined : { like };
    });
  },
};
