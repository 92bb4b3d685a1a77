/** The Fréchet distance between two sets in the model's own feature space: the unit vectors of each modality's tower (FID with these in place of Inception's; not comparable between models). */
import type { FrechetResult } from '../../core/evaluation.ts';
import { random } from '../../core/random.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { frechet, frechetAtInfinity } from '../../evaluation/frechet.ts';
import type { Model } from '../model.ts';
import { hasModality } from '../validate.ts';
import { embedAll } from './embedAll.ts';
import { firstOfSamples, type Tick } from './task.ts';

/** Samples of either side at most. */
const most = 2000;
/** The limit takes a dozen distances, which are cubic in the width. */
const widest = 128;

/** @param data, other of `takePairs` */
export async function featureDistances(
  model: Model,
  data: PreparedData,
  other: PreparedData,
  seed: number,
  tick: Tick,
): Promise<FrechetResult[]> {
  const names = Object.keys(model.recipe.encoders);
  const results: FrechetResult[] = [];
  for (const [place, modality] of names.entries()) {
    const vectors = async (of: PreparedData, half: number) => {
      const all =
        modality === 'text'
          ? Int32Array.from({ length: of.pairs.count }, (_, pair) => pair).filter((pair) =>
              hasModality(of, modality, pair),
            )
          : firstOfSamples(of, (pair) => hasModality(of, modality, pair));
      const order = random(seed, 'frechet', modality).permutation(all.length).subarray(0, most).sort();
      const pairs = Int32Array.from(order, (row) => all[row]);
      return embedAll(model, of, modality, pairs, (share) =>
        tick((place + (half + share) / 2) / names.length),
      );
    };
    const [a, b] = [await vectors(data, 0), await vectors(other, 1)];
    const { width } = await model.embed();
    const n: [number, number] = [a.length / width, b.length / width];
    if (Math.min(...n) < 2) continue;
    const limit = width <= widest ? frechetAtInfinity(a, b, width, seed) : undefined;
    results.push({
      modality,
      distance: frechet(a, b, width),
      n,
      width,
      ...(limit && { atInfinity: limit.value, through: limit.through }),
    });
  }
  return results;
}
