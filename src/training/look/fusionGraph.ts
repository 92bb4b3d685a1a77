/**
 * A forward pass with the probes of its fusion (docs/fusions.md). The fusion is asked for by itself: objectives that hide words or patches fuse what is left, and
 * then none of them looks at the sample as it is.
 */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { Model as Built, type ModelShape } from '../../models/build.ts';
import type { Model } from '../model.ts';

/**
 * @param wanted of the probes' names, `gate.…`, `routing.…`, `attention.…`
 * @returns probes by name; none where the model has learned no fusion
 */
export function fusionGraph(
  { recipe, weights }: Model,
  shape: ModelShape,
  wanted: RegExp,
): { built: Built; graph: Graph; outputs: Map<string, Tensor> } {
  const outputs = new Map<string, Tensor>();
  const built = new Built(recipe, shape, false, (name, tensor) => {
    const [part, ...rest] = name.split('.');
    if (part === 'fusion' && wanted.test(rest.join('.'))) outputs.set(rest.join('.'), tensor);
  });
  const { graph } = built;
  for (const modality of built.modalities) built.encode(modality);
  if (recipe.fusion.type !== 'two-tower') built.fuse();
  // What no objective asks for has no weights.
  const unknown = [...graph.parameters].flatMap(([name, { tensor }]) =>
    weights.layout.byName.has(name) ? [] : [tensor.node],
  );
  for (const [name, tensor] of outputs) {
    const needed = new Set(graph.needed([tensor]));
    if (unknown.some((node) => needed.has(node))) outputs.delete(name);
  }
  return { built, graph, outputs };
}
