/** One small case of a fusion with padding, absent samples and every parameter's gradient, and what float64 gives for it: the same numbers for every executor. */
import { differentiate } from '../../engine/compile/differentiate.ts';
import { layoutParameters, type ParameterLayout } from '../../engine/compile/layout.ts';
import type { Graph } from '../../engine/graph/graph.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import type { FusionDefinition } from '../definition.ts';
import { comparable, fusionCase, parityMasks } from './fusionCase.ts';
import { drawn, upstreamLoss } from './parity.ts';

const small: Record<string, unknown> = {
  heads: 2,
  mlp: 2,
  depth: 1,
  latents: 3,
  experts: 3,
  rank: 2,
  top: 'two',
  // Some sample's modality is below it, some is above.
  threshold: 0.508,
};

export interface FusionNumbers {
  graph: Graph;
  /** What others may read of the fusion, and `gradient.<parameter>`. */
  outputs: Map<string, Tensor>;
  expected: Map<string, Float64Array>;
  layout: ParameterLayout;
  parameters: Float32Array;
  inputs: Record<string, Float32Array>;
}

export function fusionNumbers(definition: FusionDefinition): FusionNumbers {
  const fields = Object.fromEntries(
    Object.entries(small).filter(([key]) => definition.fields.some((field) => field.key === key)),
  );
  const made = fusionCase(definition, {
    modalities: ['image', 'text', 'audio'],
    missing: ['text', 'audio'],
    fields,
  });
  const { graph } = made;
  const results = comparable(made.fused);
  const loss = upstreamLoss(graph, results);
  const parameters = [...graph.parameters.values()];
  const found = differentiate(
    graph,
    [{ tensor: loss }],
    parameters.map(({ tensor }) => tensor),
  );
  const outputs = new Map<string, Tensor>(Object.entries(results));
  for (const { name, tensor } of parameters) {
    const gradient = found.get(tensor);
    if (gradient) outputs.set(`gradient.${name}`, gradient);
  }
  const values = drawn(graph, parityMasks);
  const numbers = interpret(graph, [...outputs.values()], (name) => values.get(name)!);
  const layout = layoutParameters(graph);
  const flat = new Float32Array(layout.total);
  for (const { name, offset } of layout.entries) flat.set(values.get(name)!, offset);
  return {
    graph,
    outputs,
    expected: new Map([...outputs.keys()].map((name, k) => [name, numbers[k]])),
    layout,
    parameters: flat,
    inputs: Object.fromEntries(
      [...graph.inputs.keys()].map((name) => [name, Float32Array.from(values.get(name)!)]),
    ),
  };
}
