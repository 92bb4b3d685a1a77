/**
 * Occlusion (Zeiler & Fergus 2014, arXiv 1311.2901): what the answer loses when a part of the sample is hidden. A square of a picture takes the mean colour, a
 * stretch of sound the mean spectrum; a word or a cell of a table is masked, as one that is missing.
 */
import type { NumberArray } from '../../engine/executor.ts';
import { namesOfTokens } from '../tokens.ts';
import { type Credit, type Explanation, modalitiesOf, type Question, rows, runnerOf } from './explain.ts';

/** Squares per side of a picture, stretches of a sound, cells of a table that are hidden one by one; larger tables column by column. */
const squares = 8;
const stretches = 16;
const mostCells = 64;

/** Hides a part in one row of a batch. */
type Hide = (inputs: Record<string, NumberArray>, row: number) => void;

interface Parts extends Omit<Credit, 'values' | 'total'> {
  hides: Hide[];
  whole: Hide;
}

export async function occlusion(question: Question): Promise<Explanation> {
  const all = modalitiesOf(question).map((modality) => partsOf(question, modality));
  const hides = all.flatMap(({ hides: own, whole }) => [...own, whole]);
  const values = await valuesOf(question, [() => undefined, ...hides]);
  const { scale, offset } = question.unit;
  const [value] = values;
  const lost = values.subarray(1).map((left) => (value - left) * scale);
  let at = 0;
  const credits = all.map(({ hides: own, whole: _, ...part }): Credit => {
    const end = at + own.length;
    const credit = { ...part, values: lost.slice(at, end), total: lost[end] };
    at = end + 1;
    return credit;
  });
  return { value: value * scale + offset, credits };
}

/** The explained number of the sample with each part hidden. */
async function valuesOf(question: Question, hides: readonly Hide[]): Promise<Float32Array> {
  const runner = await runnerOf(question, false);
  const values = new Float32Array(hides.length);
  for (let from = 0; from < hides.length; from += rows) {
    const some = hides.slice(from, from + rows);
    const inputs = Object.fromEntries(
      Object.entries(question.inputs).map(([name, all]) => [name, all.slice()]),
    );
    for (const [row, hide] of some.entries()) hide(inputs, row);
    const { value } = await runner.run(inputs);
    values.set(value.subarray(0, some.length), from);
  }
  return values;
}

function partsOf(question: Question, modality: string): Parts {
  if (modality === 'image') return pictureParts(question.model.data.size);
  if (modality === 'text') return wordParts(question);
  if (modality === 'audio') return soundParts(question);
  return tableParts(question);
}

function pictureParts(side: number): Parts {
  const edge = Math.max(1, Math.ceil(side / squares));
  const count = Math.ceil(side / edge);
  const hide =
    (top: number, left: number, size: number): Hide =>
    ({ images }, row) => {
      for (let y = top; y < Math.min(side, top + size); y++) {
        const start = ((row * side + y) * side + left) * 3;
        images.fill(0, start, start + 3 * Math.min(size, side - left));
      }
    };
  return {
    modality: 'image',
    shape: [count, count],
    hides: Array.from({ length: count * count }, (_, at) =>
      hide(Math.floor(at / count) * edge, (at % count) * edge, edge),
    ),
    whole: hide(0, 0, side),
  };
}

function wordParts({ model: { recipe, data }, pair }: Question): Parts {
  const { labels } = namesOfTokens(recipe, data, pair, 'text', data.textLength);
  const hide =
    (from: number, to: number): Hide =>
    ({ keep }, row) => {
      keep.fill(0, row * data.textLength + from, row * data.textLength + to);
    };
  return {
    modality: 'text',
    labels,
    shape: [labels.length],
    hides: labels.map((_, at) => hide(at, at + 1)),
    whole: hide(0, labels.length),
  };
}

function soundParts({ model: { recipe, data }, pair }: Question): Parts {
  const { frames = 0, bins = 1 } = data.sound ?? {};
  const length = data.sound?.lengths[data.pairs.sample[pair]] ?? frames;
  const { pace } = namesOfTokens(recipe, data, pair, 'audio', Math.ceil(frames / 2));
  const count = Math.min(stretches, length);
  const edge = (at: number) => Math.round((at * length) / count);
  const hide =
    (from: number, to: number): Hide =>
    ({ sound }, row) => {
      sound.fill(0, (row * frames + from) * bins, (row * frames + to) * bins);
    };
  return {
    modality: 'audio',
    shape: [count],
    ...(pace !== undefined && { pace: ((pace / 2) * length) / count }),
    hides: Array.from({ length: count }, (_, at) => hide(edge(at), edge(at + 1))),
    whole: hide(0, length),
  };
}

function tableParts({ model: { data } }: Question): Parts {
  const { steps = 1, columns = [] } = data.table ?? {};
  const width = columns.length;
  const hide =
    (cells: readonly number[]): Hide =>
    ({ cells: values, cellKeep }, row) => {
      for (const cell of cells) {
        values[row * steps * width + cell] = 0;
        cellKeep[row * steps * width + cell] = 0;
      }
    };
  const all = Array.from({ length: steps * width }, (_, cell) => cell);
  const single = all.length <= mostCells;
  return {
    modality: 'table',
    labels: columns,
    shape: [single ? steps : 1, width],
    hides: single
      ? all.map((cell) => hide([cell]))
      : columns.map((_, column) => hide(all.filter((cell) => cell % width === column))),
    whole: hide(all),
  };
}
