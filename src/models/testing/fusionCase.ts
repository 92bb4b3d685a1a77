/** A fusion on its own: encoded modalities as inputs of the graph, `<modality>.tokens` and so on, of unlike widths and lengths. */
import { checkFields } from '../../core/fields.ts';
import { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { masked, reshape } from '../../engine/ops/functions.ts';
import '../../engine/ops/index.ts';
import type { Encoded, Fused, FusionDefinition } from '../definition.ts';

export const fusionSizes: Record<string, { tokens: number; tokenWidth: number; keep?: boolean }> = {
  image: { tokens: 5, tokenWidth: 12 },
  text: { tokens: 4, tokenWidth: 8, keep: true },
  audio: { tokens: 3, tokenWidth: 4, keep: true },
  table: { tokens: 1, tokenWidth: 8 },
};

export interface FusionCase {
  graph: Graph;
  fused: Fused;
  encoded: Record<string, Encoded>;
  probes: Map<string, Tensor>;
}

export interface FusionCaseOptions {
  /** Modalities of the recipe. */
  modalities: readonly string[];
  /** Those of the batch; all by default. */
  given?: readonly string[];
  /** Those that some samples lack. */
  missing?: readonly string[];
  fields?: Record<string, unknown>;
  batch?: number;
  width?: number;
  /** Other numbers of tokens. */
  tokens?: Record<string, number>;
  probes?: boolean;
}

export function fusionCase(definition: FusionDefinition, options: FusionCaseOptions): FusionCase {
  const { modalities, given = modalities, missing = [], batch = 4, width = 8 } = options;
  const graph = new Graph();
  const encoded: Record<string, Encoded> = {};
  for (const name of given) {
    const { tokenWidth, keep, tokens } = fusionSizes[name];
    const count = options.tokens?.[name] ?? tokens;
    encoded[name] = {
      pooled: graph.input(`${name}.pooled`, [batch, width]),
      tokens: graph.input(`${name}.tokens`, [batch, count, tokenWidth]),
      keep: keep ? graph.input(`${name}.keep`, [batch, count]) : undefined,
      present: missing.includes(name) ? graph.input(`${name}.present`, [batch]) : undefined,
    };
  }
  const probes = new Map<string, Tensor>();
  const fields = checkFields(definition.fields, { width, ...options.fields }, 'fusion');
  const fused = graph.at('fusion', () =>
    definition.build({
      graph,
      encoded,
      modalities: Object.fromEntries(modalities.map((name) => [name, fusionSizes[name]])),
      fields,
      width,
      probe: options.probes ? (name, tensor) => probes.set(name, tensor) : undefined,
    }),
  );
  return { graph, fused, encoded, probes };
}

/** What others may read of a fusion: the joint vector, tokens (zeros where they do not count), own losses. */
export function comparable({ joint, tokens, keep, losses }: Fused): Record<string, Tensor> {
  const results: Record<string, Tensor> = { joint: joint!, ...losses };
  if (tokens) results['tokens'] = keep ? masked(tokens, reshape(keep, [...keep.shape, 1])) : tokens;
  return results;
}

/** Masks of the parity cases: some padding, and a sample that lacks text, another that lacks audio. */
export const parityMasks: Record<string, number[]> = {
  'text.keep': [1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1],
  'audio.keep': [1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0],
  'text.present': [1, 1, 1, 0],
  'audio.present': [1, 0, 1, 1],
};
