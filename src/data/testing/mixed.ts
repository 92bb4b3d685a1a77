/** A small set of every modality for tests, some samples of which lack some. */
import type { Recipe } from '../../core/recipe.ts';
import type { Dataset, Split } from '../dataset.ts';

export const mixedRecipe: Recipe = {
  format: 'amalgam-recipe/1',
  name: 'test',
  data: {
    imageSize: 4,
    textLength: 8,
    vocabulary: 300,
    split: { by: 'files', validation: 0, test: 0, seed: 0 },
    audio: { features: 'log-mel', bins: 8, rate: 8000, seconds: 0.1, window: 20, hop: 20 },
    augment: { crop: 0, flip: false, color: 0, wordDropout: 0 },
  },
  encoders: {},
  fusion: { type: 'late' },
  objectives: [{ type: 'classification' }],
  training: {
    batch: 2,
    steps: 10,
    optimizer: { type: 'adamw' },
    schedule: { type: 'constant' },
    clip: 1,
    validateEvery: 10,
    validatePairs: 10,
    checkpointEvery: 10,
  },
  seed: 1,
};

/**
 * Six samples: 0 to 3 for training, 4 and 5 for validation. Sample 1 has no picture, 2 no sound, 3 no words, 1 no row, and in column
 * `a` of sample 2 a cell is missing. Sample 0 has two captions, so there are seven pairs.
 */
export function mixedDataset(): Dataset {
  const stated: Split[] = ['train', 'train', 'train', 'train', 'validation', 'validation'];
  const clips = [800, 400, 0, 1600, 800, 800];
  const offsets = new Int32Array(7);
  for (const [i, length] of clips.entries()) offsets[i + 1] = offsets[i] + length;
  return {
    id: 'mixed-1',
    name: 'Mixed',
    source: 'mixed-table',
    fingerprint: 'f',
    size: 4,
    pixels: Uint8Array.from({ length: 6 * 48 }, (_, i) => (Math.floor(i / 48) === 1 ? 0 : (i * 7) % 256)),
    pictured: Uint8Array.from([1, 0, 1, 1, 1, 1]),
    files: ['0', '1', '2', '3', '4', '5'],
    captions: [['one red', 'one'], ['two red'], ['three'], [], ['five'], ['six']],
    sound: {
      rate: 8000,
      samples: Int16Array.from({ length: offsets[6] }, (_, i) => 9000 * Math.sin(i * (0.2 + 0.0001 * i))),
      offsets,
    },
    table: {
      columns: ['a', 'b'],
      steps: 1,
      values: Float32Array.from([1, 10, Number.NaN, Number.NaN, Number.NaN, 20, 3, 30, 100, 200, 5, 5]),
    },
    target: {
      name: 'label',
      kind: 'class',
      classes: ['x', 'y'],
      values: Float32Array.from([0, 1, 1, 0, -1, 0, 1]),
    },
    stated,
  };
}
