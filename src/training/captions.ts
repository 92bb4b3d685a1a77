/** Captions that a model writes, beside those of the data: how often they are the same, and for the built-in shapes, how often every attribute is right. */
import type { PreparedData } from '../data/prepared.ts';
import { attributesOf } from '../data/synthetic/attributes.ts';
import { normalize } from '../data/text/byteLevel.ts';
import { greedy, Writer, type Writing } from './generate.ts';
import type { Model } from './model.ts';
import { modelShape } from './shape.ts';

export interface Written {
  sample: number;
  file: string;
  text: string;
  references: string[];
}

export interface CaptionScore {
  samples: number;
  /** Share that equals one of the sample's captions. */
  exact: number;
  /** Share in which every thing has the right number, size, colour and shape; only where the captions are of built-in shapes. */
  attributes?: number;
}

export const writes = (model: Model): boolean =>
  model.recipe.objectives.some(({ type }) => type === 'captioning');

/** One caption per sample of these pairs. @throws StudioError `recipe-invalid` where the model writes none */
export async function writeCaptions(
  model: Model,
  pairs: Int32Array,
  writing: Writing = greedy,
): Promise<Written[]> {
  const { data, executor, recipe, weights } = model;
  const first = firstPairs(data, pairs);
  if (first.length === 0) return [];
  const rows =
    writing.how === 'beam' ? writing.beams * Math.min(8, first.length) : Math.min(32, first.length);
  const writer = await Writer.create(executor, recipe, modelShape(recipe, data), weights, rows);
  try {
    const texts = await writer.write(data, first, writing);
    return texts.map((text, index) => {
      const sample = data.pairs.sample[first[index]];
      return { sample, file: data.files[sample], text, references: data.captions[sample] };
    });
  } finally {
    writer.destroy();
  }
}

function firstPairs(data: PreparedData, pairs: Int32Array): Int32Array {
  const seen = new Set<number>();
  return pairs.filter((pair) => {
    const sample = data.pairs.sample[pair];
    return !seen.has(sample) && seen.add(sample);
  });
}

/** Whether a caption equals one of the references, and whether its attributes do; these undefined where the references are not of built-in shapes. */
export function scoreCaption(
  text: string,
  references: readonly string[],
): { exact: boolean; attributes?: boolean } {
  const wanted = references.map(attributesOf).find((list) => list !== undefined);
  return {
    exact: references.some((reference) => normalize(reference) === normalize(text)),
    ...(wanted && { attributes: attributesOf(text)?.join() === wanted.join() }),
  };
}

export function scoreCaptions(written: readonly Written[]): CaptionScore {
  const scores = written.map(({ text, references }) => scoreCaption(text, references));
  const share = (of: (score: ReturnType<typeof scoreCaption>) => boolean | undefined) =>
    scores.filter(of).length / Math.max(1, scores.length);
  const known = scores.length > 0 && scores.every(({ attributes }) => attributes !== undefined);
  return {
    samples: written.length,
    exact: share(({ exact }) => exact),
    ...(known && { attributes: share(({ attributes }) => attributes) }),
  };
}
