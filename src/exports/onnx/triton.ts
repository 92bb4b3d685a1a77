/**
 * A model repository for NVIDIA's Triton Inference Server around the ONNX files: `config.pbtxt` beside `1/model.onnx`. A batch axis that all inputs and
 * outputs have is Triton's own (`max_batch_size`) and requests are joined; a program that has an input for the whole batch (`place` of a caption's step)
 * keeps its batch in its dims. Where samples share something (experts with limited room), requests of different people are not joined.
 * https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/model_configuration.html
 */
import type { OnnxType, OnnxValue } from '../../interchange/onnx/model.ts';

const types: Record<OnnxType, string> = { float32: 'TYPE_FP32', int32: 'TYPE_INT32', int64: 'TYPE_INT64' };

export interface TritonModel {
  name: string;
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  maxBatch: number;
  /** Requests of different people may run together. */
  joins: boolean;
}

const dim = (extent: number | string) => (typeof extent === 'number' ? extent : -1);

/** @param batched without its first axis, which Triton adds */
function tensor({ name, type, shape }: OnnxValue, batched: boolean): string {
  const dims = (batched ? shape.slice(1) : shape).map(dim);
  // One number a sample: Triton's dims cannot be empty.
  const alone = batched && dims.length === 0;
  return `  {
    name: "${name}"
    data_type: ${types[type]}
    dims: [ ${alone ? '1' : dims.join(', ')} ]${alone ? '\n    reshape: { shape: [ ] }' : ''}
  }`;
}

/** A folder's name: letters, digits, `-` and `_`. */
export const tritonName = (recipe: string, program: string): string =>
  `${
    recipe
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'model'
  }_${program}`;

export function tritonConfig({ name, inputs, outputs, maxBatch, joins }: TritonModel): string {
  const batched = [...inputs, ...outputs].every(({ shape }) => shape[0] === 'batch');
  const list = (kind: 'input' | 'output', values: readonly OnnxValue[]) =>
    `${kind} [\n${values.map((value) => tensor(value, batched)).join(',\n')}\n]`;
  return `name: "${name}"
backend: "onnxruntime"
max_batch_size: ${batched ? maxBatch : 0}
${list('input', inputs)}
${list('output', outputs)}
instance_group [
  {
    count: 1
    kind: KIND_AUTO
  }
]
${batched && joins ? 'dynamic_batching {\n  max_queue_delay_microseconds: 500\n}\n' : ''}`;
}

export const tritonNotes = (first: string): string => `## Triton

\`model_repository\` is for \`tritonserver --model-repository\`. Each program is a model of its own; tokenizing and making pictures square are the client’s work, as said above. No ensemble is written: no backend that every server has does that work.

\`\`\`sh
docker run --rm -p8000:8000 -v "$PWD/model_repository:/models" nvcr.io/nvidia/tritonserver:25.08-py3 tritonserver --model-repository=/models
curl -s localhost:8000/v2/models/${first}
\`\`\``;
