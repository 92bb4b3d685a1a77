/**
 * Digits seen and heard, after the pairing of MNIST with spoken digits in work on audio-visual fusion: a drawn digit and a chord of
 * three partials that belongs to it, like the formants of a vowel. Place, slant, size and thickness, pitch, onset and length vary;
 * noise makes either alone doubtful, so that using both pays.
 */
import { StudioError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { defineBuiltIn } from './builtIn.ts';
import { countField, fifth, seedField } from './fields.ts';
import { digitStrokes, stroke } from './glyphs.ts';
import { grain } from './picture.ts';
import { dealFifth } from './splits.ts';
import { clips, type Partial, write } from './tone.ts';

export const digitNames = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const size = 28;
const rate = 8000;
const seconds = 0.6;

/** Hz of each digit's partials at middle pitch. */
const chords = [
  [320, 980, 2350],
  [320, 1450, 2350],
  [320, 1450, 3000],
  [470, 980, 2350],
  [470, 980, 3000],
  [470, 1900, 3000],
  [650, 1450, 2350],
  [650, 1900, 2350],
  [650, 1900, 3000],
  [650, 980, 3000],
];

const noiseField = (key: string, en: string, zh: string) => ({
  key,
  kind: 'number' as const,
  label: { en, zh },
  help: {
    en: 'At 0 every sample is clear; at 0.5 about nine in ten can be told; at 1 few.',
    zh: '为 0 时每个样本都清晰；为 0.5 时约九成可辨认；为 1 时很少能辨认。',
  },
  default: 0.5,
  min: 0,
  max: 1,
  step: 0.05,
});

/** Of the digits that are drawn, so that some can be learned after others. */
const digitField = (key: string, digit: number, en: string, zh: string) => ({
  key,
  kind: 'integer' as const,
  label: { en, zh },
  help: {
    en: 'Only the digits from the first to the last are drawn; two sets can then be learned one after the other.',
    zh: '只绘制从最小到最大之间的数字；可用两个数据集先后学习。',
  },
  default: digit,
  min: 0,
  max: 9,
});

export const digits = defineBuiltIn({
  name: 'digits',
  title: { en: 'Digits seen and heard', zh: '看得见也听得见的数字' },
  summary: {
    en: 'A drawn digit, a chord that belongs to it and its name. Picture and sound are noisy: together they tell more than either.',
    zh: '手绘数字、与之对应的和弦及其名称。图像与声音都有噪声：二者结合胜过任何一个。',
  },
  modalities: ['image', 'text', 'audio'],
  fields: [
    countField(2000, fifth, { max: 50_000 }),
    noiseField('noiseImage', 'Noise of pictures', '图像噪声'),
    noiseField('noiseSound', 'Noise of sounds', '声音噪声'),
    seedField,
    digitField('first', 0, 'First digit', '最小数字'),
    digitField('last', 9, 'Last digit', '最大数字'),
  ],
  async draw({ options: { count, noiseImage, noiseSound, first, last }, stream, each }) {
    const chosen = digitNames.slice(first, last + 1);
    if (chosen.length < 2)
      throw new StudioError('bad-argument', {
        argument: 'last',
        message: `it must be above the first digit, ${first}`,
      });
    const { stated, rank } = dealFifth(count, stream);
    const pixels = new Uint8Array(count * size * size * 3);
    const sound = clips(count, rate, seconds);
    const classes = Array.from(rank, (number) => number % chosen.length);
    await each(count, (i) => {
      paint(first + classes[i], pixels, i * size * size * 3, noiseImage, stream);
      write(sound, i, speak(first + classes[i], stream), noiseSound * 1.6, stream);
    });
    return {
      size,
      pixels,
      sound,
      captions: classes.map((digit) => [`the digit ${chosen[digit]}`]),
      target: { name: 'digit', kind: 'class', classes: chosen, values: Float32Array.from(classes) },
      stated,
    };
  },
});

function paint(digit: number, pixels: Uint8Array, offset: number, noise: number, stream: Random): void {
  const between = (least: number, most: number) => least + (most - least) * stream.uniform();
  const height = between(7, 10.5);
  const width = height * between(0.8, 1.1);
  const slant = between(-0.35, 0.35);
  const x = 14 + between(-3, 3);
  const y = 14 + between(-2.5, 2.5);
  const thickness = between(1.4, 3.2);
  const lines = digitStrokes[digit].map((line) =>
    line.map((_, i) => (i % 2 === 0 ? x + width * (line[i] - slant * line[i + 1]) : y + height * line[i])),
  );
  const paper = between(40, 80);
  const ink = paper + between(80, 130) * (1 - 0.3 * noise);
  const tint = [between(0.85, 1.1), between(0.85, 1.1), between(0.85, 1.1)];
  const covered = stroke(lines, thickness, size);
  for (let i = 0; i < size * size; i++)
    for (let channel = 0; channel < 3; channel++)
      pixels[offset + i * 3 + channel] = Math.round(paper + (ink * tint[channel] - paper) * covered[i]);
  grain(pixels, offset, size, 240 * noise, stream);
}

function speak(digit: number, stream: Random): Partial[] {
  const pitch = 0.88 + 0.24 * stream.uniform();
  const length = 0.2 + 0.25 * stream.uniform();
  const begin = (seconds - length) * stream.uniform();
  const glide = 0.97 + 0.06 * stream.uniform();
  return chords[digit].map((hertz) => {
    const from = hertz * pitch * (0.98 + 0.04 * stream.uniform());
    return { from, to: from * glide, amplitude: 0.06 + 0.08 * stream.uniform(), begin, end: begin + length };
  });
}
