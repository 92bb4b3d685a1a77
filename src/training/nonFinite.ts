/** Names the first tensor that is not finite: the step again in plain TypeScript, rounded to float32 after every op. */
import type { ParameterLayout } from '../engine/compile/layout.ts';
import type { NumberArray } from '../engine/executor.ts';
import { interpret } from '../engine/graph/interpret.ts';
import type { TrainingGraph } from '../models/build.ts';

/** Squares of larger numbers do not fit into float32: norms and layer norms of them overflow inside a kernel. */
const largest = 1.8e19;

/** @returns its path of blocks and op; else that of the first tensor too large to be squared; undefined when there is neither */
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
  let large: string | undefined;
  const forward = new Set(model.graph.needed([model.loss]));
  interpret(
    model.graph,
    [model.loss, ...model.gradients.values()],
    (name) => {
      if (name === 'lossScale') return [1];
      const entry = layout.byName.get(name);
      return entry ? parameters.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
    },
    {
      round: true,
      onNode(node, outputs) {
        const broken = outputs.some((values) => values.some((value) => !Number.isFinite(value)));
        const tooLarge =
          !large && outputs.some((values) => values.some((value) => Math.abs(value) > largest));
        if (!broken && !tooLarge) return undefined;
        const name = node.op === 'input' ? `input ${String(node.attributes['name'])}` : node.op;
        const path = `${['model', ...node.path.split('.').filter(Boolean), name].join(' › ')}${forward.has(node) ? '' : ' (gradient)'}`;
        large ??= path;
        if (!broken) return undefined;
        found = path;
        return false;
      },
    },
  );
  return found ?? large;
}
