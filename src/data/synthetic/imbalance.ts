/**
 * A strong and a weak modality: with chance 0.7 each, independently, picture and sound show the class, otherwise nothing but noise.
 * Alone either could reach 0.775, together 0.9325. Picture: a light in one of four corners; sound: a melody of three notes, soft in noise. Which is
 * learned first depends on the encoders: a convolution sees the light at once, a Transformer of patches late and the melody before it. What is
 * learned first lowers the loss, and joint training tends to leave the other unlearned (Wang et al. 2020, arXiv 1905.12681; Peng et al. 2022,
 * arXiv 2203.15332).
 */
import type { Random } from '../../core/random.ts';
import { defineBuiltIn } from './builtIn.ts';
import { countField, fifth, seedField } from './fields.ts';
import { area, grain } from './picture.ts';
import { dealFifth } from './splits.ts';
import { clips, type Partial, write } from './tone.ts';

const size = 16;

/** Notes of each class above the key: up, down, over the hill, through the valley. */
const melodies = [
  [0, 4, 8],
  [8, 4, 0],
  [2, 8, 2],
  [6, 0, 6],
];

/** Class, and whether picture and sound show it: all 4 × 10 × 10 combinations in turn, seven of ten informative. */
export const partsOf = (rank: number) => ({
  class: rank % 4,
  seen: Math.floor(rank / 4) % 10 < 7,
  heard: Math.floor(rank / 40) % 10 < 7,
});

export const imbalance = defineBuiltIn({
  name: 'imbalance',
  title: { en: 'Strong and weak modality', zh: '强弱模态' },
  summary: {
    en: 'Picture and sound tell the class in seven of ten samples each, but one is learned sooner than the other.',
    zh: '图像与声音各在七成样本中给出类别，但其中一个学得更快。',
  },
  modalities: ['image', 'audio'],
  fields: [
    countField(4000, fifth),
    {
      key: 'keys',
      kind: 'number',
      label: { en: 'Range of keys', zh: '调性范围' },
      help: {
        en: 'Octaves over which the key of a melody lies; more of them make the sound harder to learn.',
        zh: '旋律起始音高分布的八度数；越大声音越难学。',
      },
      default: 0.2,
      min: 0,
      max: 1.2,
      step: 0.1,
    },
    seedField,
  ],
  async draw({ options: { count, keys }, stream, each }) {
    const { stated, rank } = dealFifth(count, stream);
    const pixels = new Uint8Array(count * size * size * 3);
    const sound = clips(count, 8000, 0.5);
    const classes = Float32Array.from(rank, (number) => partsOf(number).class);
    await each(count, (i) => {
      const { class: shown, seen, heard } = partsOf(rank[i]);
      area(pixels, i * size * size * 3, size, [0, 0, size, size], [90, 90, 90]);
      if (seen) {
        const place = (far: number) => (far ? 9 : 1) + stream.integer(3);
        const corner = [place(shown % 2), place(shown >> 1), 4, 4] as const;
        area(pixels, i * size * size * 3, size, corner, [200, 200, 200]);
      }
      grain(pixels, i * size * size * 3, size, 60, stream);
      write(sound, i, heard ? play(shown, keys, stream) : [], 0.3, stream);
    });
    return {
      size,
      pixels,
      sound,
      captions: Array.from({ length: count }, () => []),
      target: { name: 'class', kind: 'class', classes: ['0', '1', '2', '3'], values: classes },
      stated,
    };
  },
});

function play(melody: number, keys: number, stream: Random): Partial[] {
  const key = 400 * 2 ** (keys * stream.uniform());
  const begin = 0.02 + 0.06 * stream.uniform();
  return melodies[melody].map((note, i) => ({
    from: key * 2 ** (note / 12),
    amplitude: 0.12 + 0.05 * stream.uniform(),
    begin: begin + i * 0.13,
    end: begin + i * 0.13 + 0.12,
  }));
}
