/**
 * Modality dropout (Neverova et al. 2015, ModDrop, arXiv 1501.00102): some samples are trained without some of what they have, so that the model
 * learns to do without. Drawn by sample, a pure function of the seed and the micro-batch; a sample always keeps one modality.
 */
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Rows } from './prepared.ts';

/** `present.<modality>` of the modalities that may be left out, by row; undefined where the recipe leaves out none. */
export function dropModalities(
  { seed, encoders, training: { drop = {} } }: Recipe,
  micro: number,
  { pairs, more }: Rows,
): Record<string, Float32Array> | undefined {
  const names = Object.keys(encoders);
  const dropping = names.filter((name) => (drop[name] ?? 0) > 0);
  if (dropping.length === 0) return undefined;
  const had = (name: string, row: number) => (more?.[`present.${name}`]?.[row] ?? 1) === 1;
  const present = Object.fromEntries(
    dropping.map((name) => [name, Float32Array.from(pairs, (_, row) => (had(name, row) ? 1 : 0))]),
  );
  for (const row of pairs.keys()) {
    const stream = random(seed, 'drop', micro, row);
    const own = names.filter((name) => had(name, row));
    // A number for every modality, whatever the sample has, so that one rate does not shift what another draws.
    const out = dropping.filter((name) => stream.uniform() < drop[name] && own.includes(name));
    if (out.length === own.length && own.length > 0) out.splice(stream.integer(out.length), 1);
    for (const name of out) present[name][row] = 0;
  }
  return Object.fromEntries(dropping.map((name) => [`present.${name}`, present[name]]));
}
