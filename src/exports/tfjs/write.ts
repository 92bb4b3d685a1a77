/** One program as the files of a TensorFlow.js graph model. */
import { writeGraphModel } from '../../interchange/tfjs/graphModel.ts';
import type { InferenceProgram } from '../inference.ts';
import { align } from '../portable/extents.ts';
import { lower, type Weights } from '../portable/lower.ts';
import { TfjsTarget } from './target.ts';

/** `model.json` and its shards by file name. */
export function tfjsOf(
  program: Pick<InferenceProgram, 'name' | 'build'>,
  weights: Weights,
  metadata: Record<string, string>,
): Map<string, Uint8Array> {
  const target = new TfjsTarget();
  lower(target, align(program.name, program.build), weights);
  const { nodes, inputs, outputs } = target;
  return writeGraphModel({ nodes, weights: target.weights, inputs, outputs, metadata });
}
