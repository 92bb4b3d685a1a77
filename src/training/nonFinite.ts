/** Names the first tensor that is not finite: the step again in plain TypeScript, rounded to float32 after every op. */
import type { ParameterLayout } from '../engine/compile/layout.ts';
import type { NumberArray } from '../engine/executor.ts';
import { interpret } from '../engine/graph/interpret.ts';
import type { TrainingGraph } from '../models/build.ts';

/** @returns its path of blocks and op, or undefined when all are finite in this arithmetic */
export function firstNonFinite(
  model: TrainingGraph,
  layout: ParameterLayout,
  parameters: Float32Array,
  inputs: Readonly<Record<string, NumberArray>>,
): string | undefined {
  for (const { name, offset, size } of layout.entries)
    if (parameters.subarray(offset, offset + size).some((value) => !Number.isFinite(value)))
      return `parameter ${name}`;
  let found: string | undefined;
  const forward = new Set(model.graph.needed([model.loss]));
  interpret(
    model.graph,
    [model.loss, ...model.gradients.values()],
    (name) => {
      const entry = layout.byName.get(name);
      return entry ? parameters.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
    },
    {
      round: true,
      onNode(node, outputs) {
        if (!outputs.some((values) => values.some((value) => !Number.isFinite(value)))) return undefined;
        const name = node.op === 'input' ? `input ${String(node.attributes['name'])}` : node.op;
        found = `${['model', ...node.path.split('.').filter(Boolean), name].join(' › ')}${forward.has(node) ? '' : ' (gradient)'}`;
        return false;
      },
    },
  );
  return found;
}
