/**
 * A small catalogue of goods with gaps, as real tables have them. The category follows from the form that the picture shows, the
 * material that the text names and the size that the table gives; no two of the three are enough. Colour, finish, price and the
 * like decide nothing. Samples lack a picture, a text or a row, cells are missing: for models that must do without a modality.
 */
import type { Random } from '../../core/random.ts';
import { defineBuiltIn } from './builtIn.ts';
import { countField, fifth, seedField } from './fields.ts';
import { shaded } from './paint.ts';
import { area, grain } from './picture.ts';
import { fill } from './rasterise.ts';
import { dealFifth } from './splits.ts';
import { backgrounds, colours, shapes } from './vocabulary.ts';

export const categories = ['toy', 'furniture', 'jewellery', 'kitchenware', 'tool', 'decoration'];

/** Category by material, then round small, round large, angular small, angular large. Two combinations each. */
export const categoryOf = [
  [0, 1, 0, 1],
  [2, 3, 4, 4],
  [2, 5, 3, 5],
] as const;

/** Wood, metal, ceramic. */
const materials = [
  ['oak', 'pine', 'walnut', 'bamboo'],
  ['steel', 'brass', 'iron', 'copper'],
  ['porcelain', 'clay', 'stoneware', 'terracotta'],
];
const finishes = ['polished', 'rough', 'painted', 'plain', 'used', 'new'];
const roundShapes = ['circle', 'ring', 'heart'];
const angularShapes = ['square', 'triangle', 'star', 'diamond', 'cross'];
const columns = ['width', 'height', 'weight', 'price', 'rating', 'stock'];

const size = 32;
/** Shares of samples that lack a modality, and of cells that are empty. */
const lacking = 0.05;
const empty = 0.1;

export const product = defineBuiltIn({
  name: 'product',
  title: { en: 'Products with gaps', zh: '有缺失的商品' },
  summary: {
    en: 'Picture, text and table tell the category only together; one sample in seven lacks one of them, and one cell in ten is empty.',
    zh: '图片、文字与表格合在一起才能确定类别；约七分之一的样本缺少其中一项，十分之一的单元格为空。',
  },
  modalities: ['image', 'text', 'table'],
  fields: [countField(2400, fifth), seedField],
  async draw({ options: { count }, stream, each }) {
    const { stated, rank } = dealFifth(count, stream);
    const gaps = drawGaps(count, stream);
    const pixels = new Uint8Array(count * size * size * 3);
    const values = new Float32Array(count * columns.length).fill(Number.NaN);
    const captions: string[][] = [];
    const category = new Float32Array(count);
    await each(count, (i) => {
      const material = rank[i] % 3;
      const large = Math.floor(rank[i] / 3) % 2;
      const angular = Math.floor(rank[i] / 6) % 2;
      category[i] = categoryOf[material][2 * angular + large];
      if (gaps[i] !== 'image') paint(angular, pixels, i * size * size * 3, stream);
      captions.push(gaps[i] === 'text' ? [] : [describe(material, stream)]);
      if (gaps[i] === 'table') return;
      for (const [column, value] of measure(large, stream).entries())
        if (stream.uniform() >= empty) values[i * columns.length + column] = value;
    });
    return {
      size,
      pixels,
      pictured: Uint8Array.from(gaps, (gap) => (gap === 'image' ? 0 : 1)),
      captions,
      table: { columns, steps: 1, values },
      target: { name: 'category', kind: 'class', classes: categories, values: category },
      stated,
    };
  },
});

/** Which modality each sample lacks: equal shares, never two at once. */
function drawGaps(count: number, stream: Random): (string | undefined)[] {
  const gaps = new Array<string | undefined>(count).fill(undefined);
  const share = Math.round(count * lacking);
  for (const [place, sample] of stream.permutation(count).entries())
    gaps[sample] = ['image', 'text', 'table'][Math.floor(place / share)];
  return gaps;
}

function paint(angular: number, pixels: Uint8Array, offset: number, stream: Random): void {
  area(pixels, offset, size, [0, 0, size, size], stream.pick(backgrounds));
  const name = stream.pick(angular ? angularShapes : roundShapes);
  const { outlines } = shapes.find((shape) => shape.name === name)!;
  const place = () => size / 2 + (stream.uniform() - 0.5) * 8;
  const radius = 8 + 4 * stream.uniform();
  const colour = shaded(stream.integer(colours.length), stream);
  fill(pixels, offset, size, outlines, place(), place(), radius, colour);
  grain(pixels, offset, size, 30, stream);
}

function describe(material: number, stream: Random): string {
  const word = stream.pick(materials[material]);
  const finish = stream.pick(finishes);
  return stream.pick([
    `made of ${finish} ${word}`,
    `${finish} ${word}`,
    `solid ${word}, ${finish}`,
    `a ${finish} piece in ${word}`,
  ]);
}

/** Width and height in cm, weight in kg, price, rating 1 … 5, pieces in stock. Large goods are about seven times as wide. */
function measure(large: number, stream: Random): number[] {
  const wide = Math.exp(Math.log(large ? 55 : 8) + 0.35 * stream.normal());
  const high = wide * Math.exp(0.3 * stream.normal());
  const weight = (wide * high) ** 1.2 * 0.002 * Math.exp(0.6 * stream.normal());
  const price = 5 + 2 * Math.sqrt(wide) * Math.exp(0.8 * stream.normal());
  const digits = (value: number, scale: number) => Math.round(value * scale) / scale;
  const rating = digits(1 + 4 * stream.uniform(), 10);
  return [
    digits(wide, 10),
    digits(high, 10),
    digits(weight, 1000),
    digits(price, 100),
    rating,
    stream.integer(200),
  ];
}
