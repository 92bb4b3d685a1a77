/** One program as an ONNX file. */
import type { ModelBundle } from '../../interchange/bundle.ts';
import { type OnnxValue, writeOnnx } from '../../interchange/onnx/model.ts';
import type { InferenceProgram } from '../inference.ts';
import { align } from '../portable/extents.ts';
import { lower } from '../portable/lower.ts';
import { meaningOf } from '../serving.ts';
import { OnnxTarget } from './target.ts';

/** @throws StudioError `export-unfit` */
export function onnxOf(
  program: InferenceProgram,
  bundle: ModelBundle,
  metadata: Record<string, string>,
): Uint8Array {
  const target = new OnnxTarget();
  lower(target, align(program.name, program.build), bundle.weights);
  const told = (value: OnnxValue): OnnxValue => ({
    ...value,
    doc: meaningOf(value.name, bundle, program.name),
  });
  return writeOnnx({
    name: program.name,
    doc: program.about.en,
    nodes: target.nodes,
    weights: target.weights,
    inputs: target.inputs.map(told),
    outputs: target.outputs.map(told),
    metadata,
  });
}
