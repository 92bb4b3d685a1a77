/** One program as the files of a TensorFlow.js graph model. */
import { type TfValue, writeGraphModel } from '../../interchange/tfjs/graphModel.ts';
import type { InferenceProgram } from '../inference.ts';
import { align } from '../portable/extents.ts';
import { lower, type Weights } from '../portable/lower.ts';
import type { Described } from '../serving.ts';
import { TfjsTarget } from './target.ts';

const told = ({ name, type, shape }: TfValue): Described => ({
  name,
  type,
  shape: shape.map((extent) => (extent === -1 ? 'batch' : extent)),
});

/**
 * `model.json` and its shards by file name.
 * @throws StudioError `export-unfit`
 */
export function tfjsOf(
  program: InferenceProgram,
  weights: Weights,
  metadata: Record<string, string>,
): { files: Map<string, Uint8Array>; inputs: Described[]; outputs: Described[] } {
  const target = new TfjsTarget();
  lower(target, align(program.name, program.build), weights);
  const { nodes, inputs, outputs } = target;
  return {
    files: writeGraphModel({ nodes, weights: target.weights, inputs, outputs, metadata }),
    inputs: inputs.map(told),
    outputs: outputs.map(told),
  };
}
