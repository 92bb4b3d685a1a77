/** Runs of small models with one encoder frozen, with its features kept and without: what both say must agree. */
import digitsRecipe from '../../../recipes/digits.json' with { type: 'json' };
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import { prepare } from '../../data/prepare.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { digits } from '../../data/synthetic/digits.ts';
import { product } from '../../data/synthetic/product.ts';
import type { Executor } from '../../engine/executor.ts';
import type { FrozenTower } from '../heldTowers.ts';
import type { SessionOptions } from '../session.ts';
import { smallProduct } from './alike.ts';
import { lossesOf, tinySession } from './tinySession.ts';

const small = { width: 16, depth: 1, heads: 2 };
const vit = { type: 'vit', patch: 4, ...small };
const text = { type: 'transformer', ...small };

/** By what is frozen: the encoders of the model. */
export const heldEncoders: Record<string, Recipe['encoders']> = {
  image: { image: vit, text },
  text: { image: vit, text: { ...text, pool: 'last', causal: true } },
  audio: { image: vit, audio: { type: 'audio', ...small } },
  table: { text, table: { type: 'table', kind: 'transformer', ...small } },
};

export const heldFusions: Record<string, Recipe['fusion']> = {
  'two-tower': { type: 'two-tower', width: 16 },
  'co-attention': { type: 'co-attention', width: 16, depth: 1, heads: 2 },
  late: { type: 'late', width: 16 },
};

/** The encoder of `frozen` frozen as a whole, under a fusion of `heldFusions`. */
export function heldRecipe(
  frozen: string,
  fusion: string,
  training: Partial<Recipe['training']> = {},
): Recipe {
  const base = smallProduct({}, { steps: 20, groups: [{ match: frozen, freeze: true }], ...training });
  const { sampling: _, ...plain } = base.training;
  const digit = parseRecipe(digitsRecipe).data;
  return {
    ...base,
    name: 'held',
    data: frozen === 'audio' ? { ...digit, imageSize: 16 } : base.data,
    encoders: heldEncoders[frozen],
    fusion: heldFusions[fusion],
    objectives: fusion === 'two-tower' ? [{ type: 'infonce' }] : [{ type: 'classification' }],
    training: plain,
  };
}

const made = new Map<boolean, Promise<PreparedData>>();

/** Few samples, so that each is seen more than once; of products many lack something. */
export function heldData(frozen: string): Promise<PreparedData> {
  const heard = frozen === 'audio';
  let known = made.get(heard);
  if (!known) {
    const recipe = heldRecipe(frozen, 'late');
    known = (heard ? digits.make({ count: 120 }) : product.make({ count: 120 })).then((set) =>
      prepare(set, recipe.data),
    );
    made.set(heard, known);
  }
  return known;
}

export interface HeldRun {
  losses: number[];
  parameters: Float32Array;
  /** What the session says of its frozen encoders. */
  towers: readonly FrozenTower[];
  inputs: string[];
  checkpoint?: Uint8Array;
}

/** Trains to the end. @param keepAt a step whose checkpoint is wanted */
export async function heldRun(
  executor: Executor,
  recipe: Recipe,
  data: PreparedData,
  options: Partial<SessionOptions> & { from?: Uint8Array; keepAt?: number } = {},
): Promise<HeldRun> {
  const { from, keepAt, ...others } = options;
  const own = keepAt ? { ...recipe, training: { ...recipe.training, checkpointEvery: keepAt } } : recipe;
  const { session, rows, runs } = await tinySession(executor, own, { data, ...others });
  await session.prepare(from);
  const { towers = [] } = session.setup;
  const inputs = [...session.setup.specification.graph.inputs.keys()];
  session.start();
  await session.settled();
  if (session.error) throw session.error;
  const parameters = await session.ready.weights.read('parameters');
  const checkpoint = keepAt ? await runs.checkpoint('tiny', keepAt) : undefined;
  session.destroy();
  return { losses: lossesOf(rows), parameters, towers, inputs, checkpoint };
}

/** Largest difference of two runs' losses, relative. */
export const apart = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length && a.length > 0
    ? Math.max(...a.map((loss, step) => Math.abs(loss - b[step]) / Math.max(1e-12, Math.abs(b[step]))))
    : Number.POSITIVE_INFINITY;
