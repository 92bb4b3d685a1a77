/** One big batch for models whose steps cache embeddings, and the micro-batches that it is made of. */
import { random } from '../../core/random.ts';
import type { Recipe } from '../../core/recipe.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { cachedIn } from '../across.ts';
import { trainingGraph } from '../build.ts';
import { lookGraph } from '../look.ts';
import type { ModelShape } from '../shape.ts';
import { drawn } from './parity.ts';
import { smallRecipe, smallShape } from './recipes.ts';

export type Inputs = Record<string, Float32Array | Int32Array>;

/** Rows of a micro-batch. */
export const microRows = 3;

/** Numbers of a sample in each input; the rest have one. */
const widths: Record<string, number> = { images: 8 * 8 * 3, tokens: 6, keep: 6 };

/** A step of `micros` micro-batches as one batch: groups reach across micro-batches, and where some are missing, whole micro-batches may lack a modality. */
export function bigBatch(micros: number, missing: boolean): Inputs {
  const rows = micros * microRows;
  const stream = random(7, 'across');
  const some = (place: number) =>
    Float32Array.from({ length: rows }, (_, row) => (row % 5 === place ? 0 : 1));
  const lengths = Array.from({ length: rows }, () => 2 + stream.integer(5));
  // The second micro-batch has no words at all.
  const worded = some(1).map((there, row) => (Math.floor(row / microRows) === 1 ? 0 : there));
  return {
    images: Float32Array.from({ length: rows * widths['images'] }, () => stream.normal()),
    tokens: Int32Array.from({ length: rows * 6 }, () => stream.integer(12)),
    keep: Float32Array.from({ length: rows * 6 }, (_, i) => (i % 6 < lengths[Math.floor(i / 6)] ? 1 : 0)),
    // Row 1 and the first of the last micro-batch are the same sample, the first and the last row have the same words.
    sampleGroups: Int32Array.from({ length: rows }, (_, row) => (row === rows - microRows ? 1 : row)),
    textGroups: Int32Array.from({ length: rows }, (_, row) => (row === rows - 1 ? 0 : row)),
    target: Int32Array.from({ length: rows }, (_, row) => row % 3),
    ...(missing && { 'present.image': some(3), 'present.text': worded }),
  };
}

/** Rows of one micro-batch, with what it is told of all: its own first, then the others. */
export function microBatch(big: Inputs, micros: number, micro: number, batch = microRows): Inputs {
  const own = Array.from({ length: batch }, (_, i) => micro * batch + i);
  const others = Array.from({ length: micros * batch }, (_, row) => row).filter((row) => !own.includes(row));
  const rowsOf = (values: Float32Array | Int32Array, width: number, rows: number[]) => {
    const taken = rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]);
    return values instanceof Int32Array ? Int32Array.from(taken) : Float32Array.from(taken);
  };
  const result: Inputs = { 'cached.others': Int32Array.from(others) };
  for (const [name, values] of Object.entries(big)) {
    result[name] = rowsOf(values, widths[name] ?? 1, own);
    if (/Groups$|^present/.test(name)) result[`cached.${name}`] = rowsOf(values, 1, [...own, ...others]);
  }
  return result;
}

export const acrossShape = (missing: boolean) => ({
  ...smallShape,
  batch: microRows,
  target: { kind: 'class' as const, classes: 3 },
  missing: missing ? ['image', 'text'] : [],
});

export const acrossRecipe = (
  objectives: Recipe['objectives'],
  accumulate: number,
  fusion: Recipe['fusion'],
): Recipe =>
  smallRecipe(objectives, {
    fusion,
    training: {
      batch: microRows,
      accumulate,
      cached: true,
      weighting: objectives.length > 1 ? 'learned' : 'fixed',
    },
  });

/** A loss and, by parameter, its gradient. */
export interface Learned {
  loss: number;
  gradients: Map<string, Float64Array>;
}

/** A batch in float64, parameters drawn by their names. */
export function learned(
  recipe: Recipe,
  shape: ModelShape,
  inputs: Record<string, ArrayLike<number>>,
): Learned {
  const { graph, loss, gradients } = trainingGraph(recipe, shape);
  const parameters = drawn(graph);
  const [[value], ...found] = interpret(graph, [loss, ...gradients.values()], (name) =>
    graph.parameters.has(name) ? parameters.get(name)! : inputs[name],
  );
  return { loss: value, gradients: new Map([...gradients.keys()].map((name, at) => [name, found[at]])) };
}

/** The means over a step's micro-batches of `shape.batch`, all looked at first; or, not `across`, of what each says by itself. */
export function learnedInParts(recipe: Recipe, shape: ModelShape, big: Inputs, across = true): Learned {
  const { accumulate: k = 1 } = recipe.training;
  const micros = Array.from({ length: k }, (_, micro) => microBatch(big, k, micro, shape.batch));
  const look = lookGraph(recipe, shape);
  const parameters = drawn(look.graph);
  const looks = micros.map((inputs) =>
    interpret(look.graph, [...look.outputs.values()], (name) =>
      look.graph.parameters.has(name) ? parameters.get(name)! : inputs[name],
    ),
  );
  const cached = Object.fromEntries(
    [...look.outputs.keys()].map((name, at) => [name, looks.flatMap((seen) => [...seen[at]])]),
  );
  const own = { ...shape, cached: across ? cachedIn(recipe) : undefined };
  const parts = micros.map((inputs) => learned(recipe, own, { ...inputs, ...cached }));
  return {
    loss: parts.reduce((sum, { loss }) => sum + loss / k, 0),
    gradients: new Map(
      [...parts[0].gradients].map(([name, first]) => [
        name,
        first.map((_, i) => parts.reduce((sum, { gradients }) => sum + gradients.get(name)![i] / k, 0)),
      ]),
    ),
  };
}
