/** One program as an ONNX file. */
import { writeOnnx } from '../../interchange/onnx/model.ts';
import type { InferenceProgram } from '../inference.ts';
import { align } from '../portable/extents.ts';
import { lower, type Weights } from '../portable/lower.ts';
import { OnnxTarget } from './target.ts';

export function onnxOf(
  program: Pick<InferenceProgram, 'name' | 'build'> & { about: { en: string } },
  weights: Weights,
  metadata: Record<string, string>,
): Uint8Array {
  const target = new OnnxTarget();
  lower(target, align(program.name, program.build), weights);
  const { nodes, inputs, outputs } = target;
  return writeOnnx({
    name: program.name,
    doc: program.about.en,
    nodes,
    weights: target.weights,
    inputs,
    outputs,
    metadata,
  });
}
