/** Unit vectors of samples in the spaces that a model has: that of each tower, and the joint one where its fusion makes one. */
import { evaluationGraph, towerGraph } from '../../models/build.ts';
import type { Model } from '../model.ts';
import { modelShape } from '../shape.ts';
import { hasModality } from '../validate.ts';

/** The space of joint vectors; the others are called by their modality. */
export const fused = 'fused';

export interface Vectors {
  /** Places among the pairs that were asked for: those that have the modality. */
  rows: number[];
  /** rows × width, unit length. */
  vectors: Float32Array;
  width: number;
}

const small = ({ recipe, data }: Model) => ({ ...modelShape(recipe, data), batch: 1, pictures: undefined });

/** Whether the objectives make a joint vector. */
export function hasJoint(model: Model): boolean {
  let found = false;
  evaluationGraph(model.recipe, small(model), (name) => {
    found ||= name === 'joint';
  });
  return found;
}

/** Modalities whose tower has a learned vector of its own: a fusion that reads tokens alone leaves it out. */
export const towersOf = (model: Model): string[] =>
  Object.keys(model.recipe.encoders).filter((modality) => {
    const { graph } = towerGraph(model.recipe, modality, small(model));
    return [...graph.parameters.keys()].every((name) => model.weights.layout.byName.has(name));
  });

/** @returns undefined where no pair has the modality, or the model makes no joint vector */
export async function vectorsIn(
  model: Model,
  pairs: Int32Array,
  space: string,
): Promise<Vectors | undefined> {
  const all = Array.from(pairs.keys());
  if (space === fused) {
    const joint = await model.measurer.probed(model.data, pairs, 'joint');
    if (!joint) return undefined;
    const width = joint.length / pairs.length;
    return { rows: all, width, vectors: unitRows(joint, width) };
  }
  const rows = all.filter((row) => hasModality(model.data, space, pairs[row]));
  if (rows.length === 0) return undefined;
  const embedder = await model.embed();
  const own = Int32Array.from(rows, (row) => pairs[row]);
  return { rows, width: embedder.width, vectors: await embedder.pairs(space, own) };
}

function unitRows(values: Float32Array, width: number): Float32Array {
  const result = values.slice();
  for (let from = 0; from < values.length; from += width) {
    const own = result.subarray(from, from + width);
    const length = Math.hypot(...own);
    for (let i = 0; i < width; i++) own[i] = length > 0 ? own[i] / length : 0;
  }
  return result;
}
