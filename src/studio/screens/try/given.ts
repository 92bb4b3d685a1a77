/** A sample that is put together on the page, to be asked about: from the data's own samples, from files, from what is typed. */
import { type Clip, toWhole } from '../../../core/clip.ts';
import type { Brought, SampleView } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { pictureOf } from '../../components/Thumb.tsx';
import type { Picture } from './files.ts';

export interface Given {
  image?: Picture;
  text?: string;
  audio?: Clip;
  /** In order of the model's columns; null where missing. */
  table?: (number | null)[];
  /** What the data says, as long as the sample is the data's own. */
  truth?: string;
  /** The data's captions of this sample. */
  captions?: string[];
}

const pictureSide = 96;

/** A sample of the data with everything that it has and the model reads. */
export async function givenOf(
  dataset: string,
  sample: SampleView,
  modalities: readonly string[],
  columns: readonly string[],
  side = pictureSide,
): Promise<Given> {
  const has = (name: (typeof sample.having)[number]) =>
    modalities.includes(name) && sample.having.includes(name);
  const sound = has('audio') ? await api().data.sound(dataset, sample.index) : undefined;
  return {
    ...(has('image') && { image: { size: side, pixels: await pictureOf(dataset, sample.index, side) } }),
    ...(has('text') && { text: sample.captions[0] }),
    ...(sound && { audio: { rate: sound.rate, samples: toWhole(sound.samples) } }),
    ...(has('table') && { table: columns.map((column) => rounded(sample.cells?.[column])) }),
    truth: sample.targets?.[0] || undefined,
    captions: sample.captions,
  };
}

/** Kept in 32 bits: more digits would be noise. */
const rounded = (cell: number | undefined) => (cell === undefined ? null : Number(cell.toPrecision(6)));

/** As the engine wants it. What is empty counts as left out. */
export function broughtOf({ image, text, audio, table }: Given): Brought {
  return {
    ...(image && { image }),
    ...(text?.trim() && { text: text.trim() }),
    ...(audio && { audio }),
    ...(table?.some((cell) => cell !== null) && { table }),
  };
}
