/** Seen and heard digits as a person would have them: pictures, WAV files, and a table that names both and the digit. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import recipe from '../recipes/digits.json' with { type: 'json' };
import { digits } from '../src/data/synthetic/digits.ts';
import { wav } from '../src/data/testing/wav.ts';

/** The recipe that ships with a gated fusion and a short run. */
export const digitsRecipe = {
  ...recipe,
  name: 'small',
  data: { ...recipe.data, split: { ...recipe.data.split, by: 'random' } },
  encoders: {
    image: { type: 'vit', patch: 14, width: 16, depth: 1, heads: 2 },
    audio: { type: 'audio', width: 16, depth: 1, heads: 2, mlp: 2 },
  },
  fusion: { type: 'late', width: 16, combine: 'gate' },
  training: {
    ...recipe.training,
    batch: 8,
    steps: 24,
    validateEvery: 8,
    validatePairs: 16,
    checkpointEvery: 12,
  },
};

/** @param which the digits, all ten by default */
export async function makeDigits(
  folder: string,
  count: number,
  which: { first?: number; last?: number } = {},
): Promise<void> {
  const noise = { noiseImage: 0.1, noiseSound: 0.1 };
  const { pixels, size, sound, target } = await digits.make({ count, ...noise, ...which });
  mkdirSync(folder, { recursive: true });
  const rows = ['picture,sound,label'];
  for (let i = 0; i < count; i++) {
    const name = String(i).padStart(3, '0');
    const raw = pixels.subarray(i * size * size * 3, (i + 1) * size * size * 3);
    writeFileSync(
      join(folder, `${name}.png`),
      await sharp(raw, { raw: { width: size, height: size, channels: 3 } })
        .png()
        .toBuffer(),
    );
    const clip = sound!.samples.subarray(sound!.offsets[i], sound!.offsets[i + 1]);
    writeFileSync(join(folder, `${name}.wav`), wav([...clip], { rate: sound!.rate }));
    rows.push(`${name}.png,${name}.wav,${target!.classes[target!.values[i]]}`);
  }
  writeFileSync(join(folder, 'digits.csv'), `${rows.join('\n')}\n`);
}
