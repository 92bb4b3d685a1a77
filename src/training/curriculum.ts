/**
 * A curriculum (Bengio et al. 2009; linear pacing as in Hacohen & Weinshall 2019, arXiv 1904.03626): training samples are ordered by their running loss,
 * measured now and then by the model that trains, and steps draw from the easiest share, which grows until it is all. The pool changes only where losses are
 * measured; what is measured is kept in checkpoints, so a resumed run draws what an uninterrupted one does.
 */
import { floatsFromBase64, floatsToBase64 } from '../core/base64.ts';
import { type Curriculum, pacing } from '../core/pacing.ts';
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Pool } from '../data/sampling.ts';
import { unitsOf } from '../data/units.ts';
import { sampleLosses } from './difficulty.ts';
import type { Model } from './model.ts';

export interface CurriculumMemory {
  /** Steps done when losses were last measured. */
  measured: number;
  /** The running loss of each unit (data/units.ts), base64 of 32-bit floats; NaN where it was never measured. */
  losses: string;
}

/** Samples whose loss is measured at one time: of larger sets another part each time, so that all have their turn. */
const mostMeasured = 2048;

/** Units by their loss, those that come first at the beginning; ones that were never measured come last. */
export function orderOf(losses: Float32Array, order: Curriculum['order'] = 'easy'): Int32Array {
  const sign = order === 'easy' ? 1 : -1;
  const rank = (unit: number) =>
    Number.isNaN(losses[unit]) ? Number.POSITIVE_INFINITY : sign * losses[unit];
  return Int32Array.from(losses.keys()).sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b)));
}

/** The pool that holds after what is remembered; undefined where all samples are drawn from. */
export function poolOf(recipe: Recipe, memory: CurriculumMemory | undefined): Pool | undefined {
  const settings = recipe.training.sampling?.curriculum;
  if (!settings || !memory || memory.measured <= (settings.from ?? 0)) return undefined;
  const share = pacing(settings, memory.measured);
  if (share >= 1) return undefined;
  const { accumulate = 1 } = recipe.training;
  const order = orderOf(floatsFromBase64(memory.losses), settings.order);
  return { since: memory.measured * accumulate, order, share };
}

/**
 * Measures what is due after `done` steps, which must be settled.
 * @returns what to remember, and a row: `curriculum.share`, `curriculum.edge` (the running loss of the last sample in the pool), `curriculum.loss` (the mean
 * of what was measured)
 */
export async function measureCurriculum(
  recipe: Recipe,
  model: Model,
  done: number,
  memory: CurriculumMemory | undefined,
): Promise<{ memory?: CurriculumMemory; row: Record<string, number> }> {
  const settings = recipe.training.sampling?.curriculum;
  const share = settings ? pacing(settings, done) : 1;
  if (!settings || share >= 1) return { row: { 'curriculum.share': 1 } };
  const { pairs } = unitsOf(model.data);
  const fresh = !memory || memory.measured <= (settings.from ?? 0);
  const losses = fresh ? new Float32Array(pairs.length).fill(Number.NaN) : floatsFromBase64(memory.losses);
  const number = Math.floor(done / settings.refresh);
  const units = measuredUnits(recipe.seed, pairs.length, number);
  const found = await sampleLosses(
    model,
    units.map((unit) => pairs[unit]),
    number,
  );
  let sum = 0;
  for (const [at, unit] of units.entries()) {
    const before = losses[unit];
    losses[unit] = Number.isNaN(before)
      ? found[at]
      : settings.memory * before + (1 - settings.memory) * found[at];
    sum += found[at];
  }
  const order = orderOf(losses, settings.order);
  return {
    memory: { measured: done, losses: floatsToBase64(losses) },
    row: {
      'curriculum.share': share,
      'curriculum.edge': losses[order[Math.ceil(share * order.length) - 1]],
      'curriculum.loss': sum / units.length,
    },
  };
}

/** All units, or the part of them whose turn it is, in the order of a seeded permutation. */
function measuredUnits(seed: number, count: number, number: number): Int32Array {
  if (count <= mostMeasured) return Int32Array.from({ length: count }, (_, unit) => unit);
  const order = random(seed, 'measured').permutation(count);
  return Int32Array.from({ length: mostMeasured }, (_, at) => order[(number * mostMeasured + at) % count]);
}
