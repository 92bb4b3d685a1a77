/**
 * What the tokens of an encoder are called, so that attention can be read: words of the text, patches of the picture by row and column, moments of the
 * sound in seconds, columns or steps of the table. Padding has no name.
 */
import type { Recipe } from '../core/recipe.ts';
import { audioDefaults } from '../data/audio/shape.ts';
import type { PreparedData } from '../data/prepared.ts';

export interface TokenNames {
  /** One for each token that counts; a class token is `[CLS]`. */
  labels: string[];
  /** Patches per side, for pictures, and tokens that lead them. */
  grid?: number;
  leading?: number;
  /** Seconds from one token to the next, for sound. */
  pace?: number;
}

const classToken = '[CLS]';
const list = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => name(index));

/** @param stored tokens that the encoder gives for every sample */
export function namesOfTokens(
  recipe: Recipe,
  data: PreparedData,
  pair: number,
  modality: string,
  stored: number,
): TokenNames {
  const sample = data.pairs.sample[pair];
  if (modality === 'text') {
    const from = pair * data.textLength;
    return {
      labels: list(data.pairs.lengths[pair], (index) =>
        data.tokenizer.token(data.pairs.tokens[from + index]),
      ),
    };
  }
  if (modality === 'audio') {
    const { hop, rate } = recipe.data.audio ?? audioDefaults;
    // The encoder halves the frames.
    const pace = (2 * Math.max(1, Math.round((hop * rate) / 1000))) / rate;
    const count = Math.min(stored, Math.ceil((data.sound?.lengths[sample] ?? 0) / 2));
    return { labels: list(count, (index) => `${(index * pace).toFixed(2)} s`), pace };
  }
  if (modality === 'table') {
    const { columns = [], steps = 1 } = data.table ?? {};
    if (steps === 1 && stored === columns.length + 1) return { labels: [classToken, ...columns] };
    return { labels: list(stored, (index) => String(index + 1)) };
  }
  const grid = Math.floor(Math.sqrt(stored));
  const leading = stored - grid * grid;
  const patches = list(grid * grid, (index) => `${Math.floor(index / grid) + 1},${(index % grid) + 1}`);
  return { labels: [...list(leading, () => classToken), ...patches], grid, leading };
}
