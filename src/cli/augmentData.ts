/** `npm run data -- augment`: a training sample and what a recipe's augmentation makes of it, as pictures and a list. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import { loadAugmentations } from '../data/augmentations.ts';
import { prepare } from '../data/prepare.ts';
import { type Seen, viewsOf } from '../data/views.ts';
import { encodePngInNode } from '../data/writers/png.node.ts';
import { type Arguments, wholeNumber } from './arguments.ts';
import { openData } from './openData.ts';
import { defaultRecipe, overridden, readRecipe } from './recipeFile.ts';
import { progress, result } from './terminal.ts';

/** @returns the exit code @throws StudioError `bad-argument`, `recipe-invalid`, and of the readers */
export async function augmentData(given: Arguments): Promise<number> {
  const wrong = (argument: string, message: string) => new StudioError('bad-argument', { argument, message });
  const out = given.one('out');
  if (!out) throw wrong('--out', 'it says where to write');
  const count = wholeNumber(given.one('count') ?? '6', '--count', 1);
  const recipe = await overridden(await readRecipe(given.one('recipe') ?? defaultRecipe), given);
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0) throw wrong('--out', `${out} holds something already`);
  const { dataset } = await openData(given);
  const onProgress: OnProgress = ({ phase, done, total }) => progress(`${phase} ${done} / ${total}`);
  await loadAugmentations(recipe.data.augment);
  // Words are shown, whatever splits them into tokens.
  const { tokenizer: _, ...data } = recipe.data;
  const prepared = await prepare(dataset, data, undefined, onProgress);
  const { train } = prepared.splitPairs;
  const wanted = given.one('sample');
  const sample = wanted === undefined ? undefined : wholeNumber(wanted, '--sample', 0);
  const pair = sample === undefined ? train[0] : train.find((one) => prepared.pairs.sample[one] === sample);
  if (pair === undefined) throw wrong('--sample', `${wanted} is no sample of the training split`);
  const { original, views, ...about } = viewsOf(prepared, recipe, pair, 0, count);
  const write = async (seen: Seen, name: string) => {
    const picture = seen.pixels && `${name}.png`;
    if (seen.pixels && picture)
      await writeFile(join(out, picture), await encodePngInNode(seen.pixels, about.size));
    const sound = seen.sound && `${name}-sound.png`;
    if (seen.sound && sound) await writeFile(join(out, sound), await spectrogram(seen.sound, about.bins));
    const { words, mirrored } = seen;
    const changes = words.flatMap(({ how, was, text }) => (how ? [{ how, was, text }] : []));
    const caption = words
      .map(({ text }) => text)
      .join('')
      .replace(/\s+/g, ' ')
      .trim();
    return {
      ...(picture && { picture, mirrored }),
      ...(sound && { sound }),
      ...(words.length > 0 && { caption }),
      ...(changes.length > 0 && { changes }),
    };
  };
  const told = { sample: about.sample, file: about.file, original: await write(original, 'original') };
  const all = { ...told, views: await Promise.all(views.map((seen, k) => write(seen, `view-${k + 1}`))) };
  await writeFile(join(out, 'views.json'), `${JSON.stringify(all, null, 2)}\n`);
  result({ out, ...told, views: views.length });
  return 0;
}

/** Time to the right, low bins at the bottom, from black for the least to white; frames that do not count are black. */
async function spectrogram(values: Float32Array, bins: number): Promise<Uint8Array> {
  const frames = values.length / bins;
  const known = values.filter((value) => !Number.isNaN(value));
  const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const range = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) - least;
  const grey = new Uint8Array(values.length);
  for (const [i, value] of values.entries()) {
    const place = (bins - 1 - (i % bins)) * frames + Math.floor(i / bins);
    grey[place] = Number.isNaN(value) ? 0 : Math.round((255 * (value - least)) / (range || 1));
  }
  const { default: sharp } = await import('sharp');
  return sharp(grey, { raw: { width: frames, height: bins, channels: 1 } })
    .png()
    .toBuffer();
}
