/**
 * Every parameter is declared whatever a batch lacks, so that weights fit every combination: the method is built once, with all
 * modalities, on a graph that is thrown away, and what it declared is declared here too. So `build` only meets modalities that are there.
 */
import { Graph } from '../../engine/graph/graph.ts';
import type { FusionDefinition } from '../definition.ts';

type Build = FusionDefinition['build'];

export function declaring(build: Build): Build {
  return (context) => {
    const { graph, encoded, modalities, width } = context;
    if (Object.keys(modalities).some((name) => !encoded[name])) {
      const other = new Graph();
      const all = Object.entries(modalities).map(([name, { tokenWidth }]) => {
        const pooled = other.input(`${name}.pooled`, [1, width]);
        return [name, { pooled, tokens: other.input(`${name}.tokens`, [1, 1, tokenWidth]) }] as const;
      });
      const above = graph.path;
      other.adapted(
        (layer) => graph.adapterOf(`${above}.${layer}`),
        () => build({ ...context, graph: other, encoded: Object.fromEntries(all), probe: undefined }),
      );
      for (const { name, tensor, initializer, decay, clamp, trainable, follow } of other.parameters.values())
        graph.parameter(name, tensor.shape, initializer, { decay, clamp, frozen: !trainable, follow });
    }
    return build(context);
  };
}
