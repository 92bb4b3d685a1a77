/** What the ways to explain an answer share: the question, the graph that answers it, and the credits that they find. */
import type { NumberArray, Runner } from '../../engine/executor.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { attributionGraph, type Explained } from '../../models/attribution.ts';
import type { Model } from '../model.ts';
import { modelShape } from '../shape.ts';
import type { TokenNames } from '../tokens.ts';
import { hasModality } from '../validate.ts';
import { keptRunner } from './kept.ts';

/** What a modality's parts speak for the answer; negative against it. Only Grad-CAM gives no sign. */
export interface Credit extends Partial<TokenNames> {
  modality: string;
  /** Of integrated gradients the sum of `values`; of occlusion what is lost without the modality; absent of Grad-CAM. */
  total?: number;
  /** Of pictures rows × columns, of words [N], of sounds moments × bins or [moments], of tables steps × columns. */
  shape: number[];
  values: Float32Array;
}

/** What each method finds. */
export interface Explanation {
  /** The number that is explained: a cosine, a logit, a number in the data's own unit, a log-likelihood. */
  value: number;
  /** The same of nothing, where the way to it is integrated. */
  nothing?: number;
  /** Share by which the credits miss `value − nothing`. */
  missed?: number;
  credits: Credit[];
}

/** Rows of a run. */
export const rows = 16;

export interface Question {
  model: Model;
  pair: number;
  explained: Explained;
  /** Inputs of a batch in which every row is the sample. */
  inputs: Record<string, NumberArray>;
  /** In the data's own unit: value × deviation + mean, of numbers; 1 and 0 of all else. */
  unit: { scale: number; offset: number };
}

/** The runner of what is explained; with all gradients, or of the number alone. */
export function runnerOf({ model, explained }: Question, gradients: boolean): Promise<Runner> {
  return keptRunner(model, JSON.stringify([explained, gradients]), () => {
    const { executor, recipe, data, weights } = model;
    const shape = { ...modelShape(recipe, data), batch: rows };
    const { graph, value, entered, tokens } = attributionGraph(recipe, shape, explained);
    const outputs = new Map<string, Tensor>([['value', value]]);
    if (gradients)
      for (const [what, all] of Object.entries({ entered, tokens }))
        for (const [modality, { read, gradient }] of all) {
          outputs.set(`${what}.${modality}.read`, read);
          outputs.set(`${what}.${modality}.gradient`, gradient);
        }
    return executor.runner(graph, outputs, weights);
  });
}

export const modalitiesOf = ({ model: { recipe, data }, pair }: Question) =>
  Object.keys(recipe.encoders).filter((modality) => hasModality(data, modality, pair));
