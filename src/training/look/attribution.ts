/**
 * Why a model says what it says of one sample: how much each patch, word, moment and cell speaks for it, by integrated gradients, Grad-CAM or
 * occlusion (a file each beside this).
 */
import { evaluationBatch } from '../../data/batches.ts';
import { factsOf } from '../../data/facts.ts';
import type { NumberArray } from '../../engine/executor.ts';
import type { Explained } from '../../models/attribution.ts';
import { drawObjectives } from '../draws.ts';
import { graphInputs } from '../feed.ts';
import { modelShape } from '../shape.ts';
import { type Explanation, type Question, rows } from './explain.ts';
import { chooseExplained } from './explained.ts';
import { type PinnedSample, pairOf, type Subject } from './look.ts';

export interface AttributionOptions extends PinnedSample {
  method: 'integrated' | 'gradcam' | 'occlusion';
  /** `similarity` or a term of the recipe; the first that predicts by default. */
  what?: string;
  /** A class; the likeliest by default. */
  of?: string;
}

export interface Attribution extends Explanation {
  method: AttributionOptions['method'];
  /** What is explained, and what else could be. */
  what: string;
  choices: string[];
  kind: Explained['kind'];
  between?: [string, string];
  /** Of a class: its name, and all there are, the likeliest first. */
  of?: string;
  classes?: string[];
}

const methods = {
  integrated: async (question: Question) => (await import('./integrated.ts')).integrated(question),
  gradcam: async (question: Question) => (await import('./cam.ts')).camOf(question),
  occlusion: async (question: Question) => (await import('./occlusion.ts')).occlusion(question),
};

/** @throws StudioError `bad-argument`, `file-missing` */
export async function look({ model }: Subject, options: AttributionOptions): Promise<Attribution> {
  const { recipe, data } = model;
  const pair = pairOf(data.pairs, options);
  const { name, explained, choices } = chooseExplained(model, pair, options.what);
  const shape = { ...modelShape(recipe, data), batch: rows };
  const batch = evaluationBatch(data, Int32Array.of(pair), rows);
  const { target } = factsOf(data);
  const unit =
    explained.kind === 'number' && target
      ? { scale: target.deviation, offset: target.mean }
      : { scale: 1, offset: 0 };
  const inputs: Record<string, NumberArray> = {
    ...graphInputs(batch),
    ...drawObjectives(recipe, shape, batch, 0, 0),
    scale: new Float32Array(rows).fill(1),
  };
  const question = { model, pair, explained, inputs, unit };
  const classes = explained.kind === 'class' ? await likeliest(question, target?.classes ?? []) : undefined;
  const of = classes && (classes.includes(options.of ?? '') ? options.of : classes[0]);
  if (of !== undefined) {
    const chosen = new Float32Array(target?.classes.length ?? 0);
    chosen[target?.classes.indexOf(of) ?? 0] = 1;
    inputs['chosen'] = chosen;
  }
  const how = await methods[options.method](question);
  return {
    method: options.method,
    what: name,
    choices,
    kind: explained.kind,
    ...(explained.kind === 'similarity' && { between: explained.between }),
    ...(of !== undefined && { of, classes }),
    ...how,
  };
}

/** Classes by their logits, the largest first. */
async function likeliest(
  { model, pair, explained }: Question,
  classes: readonly string[],
): Promise<string[]> {
  if (explained.kind !== 'class') return [];
  const found = await model.measurer.answers(model.data, Int32Array.of(pair));
  const logits = found[`${explained.term}/logits`].subarray(0, classes.length);
  return [...classes.keys()].sort((a, b) => logits[b] - logits[a]).map((index) => classes[index]);
}
