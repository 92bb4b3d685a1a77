/**
 * Pure three-way synergy: three fair bits, one per modality (a square at the left or right, a low or high tone, a word for no or
 * yes), and the label is their parity. All eight combinations are equally frequent in each split, so no modality and no pair of
 * them tells anything about the label: only a model that lets all three interact can learn it.
 */
import type { Random } from '../../core/random.ts';
import { defineBuiltIn } from './builtIn.ts';
import { countField, seedField } from './fields.ts';
import { area, grain } from './picture.ts';
import { deal } from './splits.ts';
import { clips, write } from './tone.ts';

/** Words for bit 0 and bit 1. */
export const words = [
  ['no', 'never', 'nope', 'wrong', 'false', 'refused'],
  ['yes', 'sure', 'indeed', 'correct', 'true', 'agreed'],
];
const frames = ['', 'the answer is ', 'they say ', 'it is '];

const size = 16;

export const xor = defineBuiltIn({
  name: 'xor',
  title: { en: 'Parity of three', zh: '三模态奇偶' },
  summary: {
    en: 'A square left or right, a tone low or high, a word for yes or no: only all three together tell the label.',
    zh: '方块在左或右、音调低或高、词语表示是或否：只有三者合在一起才能得出标签。',
  },
  modalities: ['image', 'text', 'audio'],
  fields: [
    countField(2000, {
      en: 'A fifth is for validation. Rounded down so that both splits hold each of the eight combinations equally often.',
      zh: '其中五分之一用于验证。会向下取整，使两个划分中八种组合出现次数相同。',
    }),
    {
      key: 'noise',
      kind: 'number',
      label: { en: 'Variety', zh: '变化程度' },
      help: {
        en: 'How much pictures, tones and words of one bit differ. Much of it invites learning by heart.',
        zh: '同一比特的图片、音调和词语有多大差异。差异大时模型容易死记硬背。',
      },
      default: 0.2,
      min: 0,
      max: 1,
      step: 0.1,
    },
    seedField,
  ],
  async draw({ options, stream, each }) {
    const validation = 8 * Math.max(1, Math.round(options['count'] / 40));
    const count = validation + 8 * Math.floor((options['count'] - validation) / 8);
    const { stated, rank } = deal(count, validation, stream);
    const pixels = new Uint8Array(count * size * size * 3);
    const sound = clips(count, 8000, 0.25);
    const captions: string[][] = [];
    const parity = new Float32Array(count);
    const { noise } = options;
    const some = <T>(list: readonly T[]) =>
      stream.pick(list.slice(0, Math.max(1, Math.round(noise * list.length))));
    await each(count, (i) => {
      const [seen, heard, said] = [rank[i] & 1, (rank[i] >> 1) & 1, (rank[i] >> 2) & 1];
      paint(seen, pixels, i * size * size * 3, stream, noise);
      const pitch = (heard ? 1100 : 500) * (1 + noise * (0.3 * stream.uniform() - 0.15));
      const amplitude = 0.15 + 0.15 * stream.uniform();
      write(sound, i, [{ from: pitch, amplitude, begin: 0.02, end: 0.23 }], 0.25, stream);
      captions.push([some(frames) + some(words[said])]);
      parity[i] = seen ^ heard ^ said;
    });
    return {
      size,
      pixels,
      sound,
      captions,
      target: { name: 'parity', kind: 'class', classes: ['even', 'odd'], values: parity },
      stated,
    };
  },
});

/** A bright square in the left or the right half. */
function paint(right: number, pixels: Uint8Array, offset: number, stream: Random, noise: number): void {
  const about = (middle: number, spread: number) => middle + noise * spread * (stream.uniform() - 0.5);
  const grey = about(80, 40);
  area(pixels, offset, size, [0, 0, size, size], [grey, grey, grey]);
  const side = noise > 0.5 ? 4 + stream.integer(2) : 5;
  const left = (right ? 8 : 0) + Math.round(about((8 - side) / 2, 8 - side));
  const light = about(210, 40);
  const top = Math.round(about((size - side) / 2, size - side));
  area(pixels, offset, size, [left, top, side, side], [light, light, light]);
  grain(pixels, offset, size, 90 * noise, stream);
}
