/**
 * y = x·Wᵀ + b with PyTorch's layout, weight [out, in], so that exported weights load there as they are. Every projection of the models goes through
 * here (experts of a mixture, which are several side by side, have the same in fusion/moe.ts); where the recipe gives a layer an adapter, its own weights stay as they are and the adapter is added.
 */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, matmul } from '../../engine/ops/functions.ts';
import { lowRank } from './lowRank.ts';

/** @param deviation standard deviation of the initial weights; 1/√in by default */
export function linear(
  graph: Graph,
  name: string,
  x: Tensor,
  width: number,
  options: { bias?: boolean; deviation?: number } = {},
): Tensor {
  return graph.scope(name, () => {
    const inner = x.shape.at(-1)!;
    const adapter = graph.adapterOf();
    const frozen = adapter !== undefined;
    const weight = graph.parameter(
      'weight',
      [width, inner],
      { kind: 'normal', deviation: options.deviation ?? inner ** -0.5 },
      { decay: true, frozen },
    );
    let y = matmul(x, weight, { transposeB: true });
    if (options.bias !== false)
      y = add(y, graph.parameter('bias', [width], { kind: 'constant', value: 0 }, { frozen }));
    return adapter ? add(y, lowRank(graph, x, width, adapter)) : y;
  });
}
