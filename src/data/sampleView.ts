/** A sample as lists and the grid show it. */
import { type Browsed, isEdited } from './browse.ts';
import { type Dataset, modalities, type Table } from './dataset.ts';
import { has, targetText } from './having.ts';

/** What is to be predicted for each pair of a sample, in words. */
function targetsOf({ target }: Dataset, first: Int32Array, index: number): string[] {
  if (!target) return [];
  const pairs = first[index + 1] - first[index];
  return Array.from({ length: pairs }, (_, pair) => targetText(target, first[index] + pair));
}

/** The loudest value in each of `columns` equal stretches of a sound, against the loudest of all, 0 … 1; undefined without a sound. */
export function outlineOf({ sound }: Dataset, index: number, columns: number): Float32Array | undefined {
  if (!sound) return undefined;
  const clip = sound.samples.subarray(sound.offsets[index], sound.offsets[index + 1]);
  if (clip.length === 0) return undefined;
  const heights = new Float32Array(columns);
  for (const [i, value] of clip.entries()) {
    const column = Math.floor((i * columns) / clip.length);
    heights[column] = Math.max(heights[column], Math.abs(value));
  }
  const loudest = heights.reduce((most, height) => Math.max(most, height), 1);
  return heights.map((height) => height / loudest);
}

/** A sample as lists show it. */
export function viewOf({ dataset, first, splits, gone }: Browsed, index: number) {
  const { files, captions, sound, table, target } = dataset;
  const length = sound ? sound.offsets[index + 1] - sound.offsets[index] : 0;
  const width = table ? table.steps * table.columns.length : 0;
  const row = table?.values.subarray(index * width, (index + 1) * width);
  return {
    index,
    file: files[index],
    captions: captions[index],
    split: splits[index],
    ...(gone.has(index) && { dropped: true }),
    ...(isEdited(dataset, index) && { edited: true }),
    having: modalities.filter((modality) => has(dataset, modality, index)),
    ...(target && { targets: targetsOf(dataset, first, index) }),
    ...(sound && length > 0 && { seconds: length / sound.rate }),
    ...(table && row && { cells: cellsOf(table, row) }),
  };
}

/** Cells by the names of their columns (of a series, with the step), without those that are missing. */
function cellsOf({ columns, steps }: Table, row: Float32Array): Record<string, number> {
  const name = (i: number) => {
    const column = columns[i % columns.length];
    return steps === 1 ? column : `${column} ${Math.floor(i / columns.length) + 1}`;
  };
  const present = [...row].flatMap((value, i) => (Number.isNaN(value) ? [] : [[name(i), value] as const]));
  return Object.fromEntries(present);
}
