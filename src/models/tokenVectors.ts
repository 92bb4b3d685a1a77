/**
 * Every token of an encoder by itself in the shared space: last norm and projection of each, as those of what is pooled (Zhou et al. 2022, arXiv 2112.01071,
 * for patches of CLIP). Where tokens are pooled by their mean, the mean of these is the sample's own vector.
 */
import type { Tensor } from '../engine/graph/tensor.ts';
import type { Model } from './build.ts';
import { linear } from './layers/linear.ts';
import { norm } from './layers/norm.ts';

/** [B, N, shared width], not normalized; undefined where the projection reads all places together. */
export function tokenVectors(model: Model, modality: string): Tensor | undefined {
  const { graph, width } = model;
  const { tokens } = model.encode(modality);
  const projection = graph.parameters.get(`${modality}.projection.weight`);
  if (projection?.tensor.shape[1] !== tokens.shape[2]) return undefined;
  return model.at(modality, () => {
    const last = graph.parameters.has(`${modality}.norm.weight`) ? norm(graph, 'norm', tokens) : tokens;
    return linear(graph, 'projection', last, width, { bias: false });
  });
}
