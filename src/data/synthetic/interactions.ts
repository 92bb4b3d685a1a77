/**
 * How modalities can inform about a class: redundantly, uniquely, synergistically (partial information decomposition, Williams & Beer
 * 2010, arXiv 1004.2515; for multimodal data Liang et al. 2023, arXiv 2302.12247). Picture, sound and table show three fair bits
 * each, whatever the kind; only how the four classes follow from the bits differs, so no kind is easier to see or hear than another.
 */
import type { Random } from '../../core/random.ts';
import { defineBuiltIn } from './builtIn.ts';
import { countField, fifth, seedField } from './fields.ts';
import { area, grain } from './picture.ts';
import { dealFifth } from './splits.ts';
import { clips, type Partial, write } from './tone.ts';

/** Three bits of picture, sound and table. */
export interface Signals {
  picture: number[];
  sound: number[];
  table: number[];
  /** 0 … 3. */
  class: number;
}

const size = 16;
const columns = ['a1', 'a2', 'b1', 'b2', 'c1', 'c2'];

/**
 * The bits of the sample with number `rank` in its split. What decides the class is dealt in turn, so that every 16 consecutive
 * numbers are balanced; bits that decide nothing are drawn.
 *   0  redundancy: each of the three shows the class in its first two bits
 *   1  unique to the picture; 2 unique to the sound: the others' bits are independent of the class
 *   3  synergy: class = picture ⊕ sound, bit by bit; neither alone tells anything
 *   4  mixture: high bit = majority of r, u, v with r shown by all three, u by the picture alone, v by the sound alone;
 *      low bit = the picture's third ⊕ the sound's third. Right at best: picture 3/8, sound 3/8, table 3/8, picture and sound 1.
 */
export function signalsOf(kind: number, rank: number, stream: Random): Signals {
  const coin = () => stream.integer(2);
  const bit = (place: number) => (rank >> place) & 1;
  const signals = {
    picture: [coin(), coin(), coin()],
    sound: [coin(), coin(), coin()],
    table: [coin(), coin(), coin()],
  };
  const { picture, sound, table } = signals;
  const tell = (modality: number[]) => modality.splice(0, 2, bit(0), bit(1));
  if (kind === 0) for (const modality of [picture, sound, table]) tell(modality);
  else if (kind === 1) tell(picture);
  else if (kind === 2) tell(sound);
  else if (kind === 3) {
    tell(picture);
    sound.splice(0, 2, bit(2), bit(3));
    return { ...signals, class: 2 * (bit(0) ^ bit(2)) + (bit(1) ^ bit(3)) };
  } else {
    const [r, u, v] = [bit(0), bit(1), bit(2)];
    for (const modality of [picture, sound, table]) modality[0] = r;
    picture[1] = u;
    sound[1] = v;
    picture[2] = bit(3);
    sound[2] = bit(4);
    return { ...signals, class: 2 * (r + u + v > 1 ? 1 : 0) + (bit(3) ^ bit(4)) };
  }
  return { ...signals, class: 2 * bit(0) + bit(1) };
}

export const interactions = defineBuiltIn({
  name: 'interactions',
  title: { en: 'Redundancy, uniqueness, synergy', zh: '冗余、独有与协同' },
  summary: {
    en: 'Picture, sound and table whose share in the class is known: see whether a fusion finds what only both together tell.',
    zh: '图像、声音与表格各自对类别的贡献是已知的：检验融合方法能否找到只有合在一起才有的信息。',
  },
  modalities: ['image', 'audio', 'table'],
  fields: [
    countField(2000, fifth),
    {
      key: 'kind',
      kind: 'choice',
      label: { en: 'Interaction', zh: '交互类型' },
      help: { en: 'Which modality tells the class.', zh: '由哪个模态决定类别。' },
      default: '4',
      choices: [
        { value: '0', label: { en: 'Redundancy: each tells it', zh: '冗余：每个都能' } },
        { value: '1', label: { en: 'Unique to the picture', zh: '图像独有' } },
        { value: '2', label: { en: 'Unique to the sound', zh: '声音独有' } },
        {
          value: '3',
          label: { en: 'Synergy: picture and sound only together', zh: '协同：图像与声音须结合' },
        },
        { value: '4', label: { en: 'Mixture of all', zh: '全部混合' } },
      ],
    },
    seedField,
  ],
  async draw({ options: { count, kind }, stream, each }) {
    const { stated, rank } = dealFifth(count, stream);
    const pixels = new Uint8Array(count * size * size * 3);
    const sound = clips(count, 8000, 0.25);
    const values = new Float32Array(count * columns.length);
    const classes = new Float32Array(count);
    await each(count, (i) => {
      const signals = signalsOf(kind, rank[i], stream);
      classes[i] = signals.class;
      paint(signals.picture, pixels, i * size * size * 3, stream);
      write(sound, i, play(signals.sound, stream), 0.25, stream);
      for (let column = 0; column < columns.length; column++)
        values[i * columns.length + column] = 2 * signals.table[column >> 1] - 1 + 0.6 * stream.normal();
    });
    return {
      size,
      pixels,
      sound,
      table: { columns, steps: 1, values },
      captions: Array.from({ length: count }, () => []),
      target: { name: 'class', kind: 'class', classes: ['0', '1', '2', '3'], values: classes },
      stated,
    };
  },
});

/** Stripes across or down; a square left or right; cool or warm. */
function paint([down, right, warm]: number[], pixels: Uint8Array, offset: number, stream: Random): void {
  const grey = 90 + 30 * stream.uniform();
  const tint = warm ? 25 : -25;
  const colour = (light: number) => [light + tint, light, light - tint] as const;
  const shift = stream.integer(4);
  for (let line = 0; line < size; line++)
    area(
      pixels,
      offset,
      size,
      down ? [line, 0, 1, size] : [0, line, size, 1],
      colour(grey + ((line + shift) % 4 < 2 ? 25 : -25)),
    );
  area(pixels, offset, size, [(right ? 8 : 0) + stream.integer(4), stream.integer(12), 5, 5], colour(210));
  grain(pixels, offset, size, 60, stream);
}

/** A low tone deep or less deep; one that falls or rises; a high one whole or broken. */
function play([higher, rising, broken]: number[], stream: Random): Partial[] {
  const around = (hertz: number) => hertz * (0.93 + 0.14 * stream.uniform());
  const loud = () => 0.12 + 0.08 * stream.uniform();
  const [from, to] = rising ? [1300, 2100] : [2100, 1300];
  const high = { from: around(3200), amplitude: loud() };
  const pieces = broken ? [0.03, 0.1, 0.17].map((begin) => [begin, begin + 0.04]) : [[0.03, 0.21]];
  return [
    { from: around(higher ? 800 : 400), amplitude: loud(), begin: 0.01, end: 0.24 },
    { from: around(from), to: around(to), amplitude: loud(), begin: 0.01, end: 0.24 },
    ...pieces.map(([begin, end]) => ({ ...high, begin, end })),
  ];
}
