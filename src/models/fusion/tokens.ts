/**
 * What fusions see of a modality: its tokens at the shared width, and one mask that says which of them count (neither padding nor
 * of a sample without this modality). What is masked is replaced by zeros at the door, so that nothing behind it can depend on it, NaN included.
 */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  broadcast,
  concat,
  constant,
  div,
  equal,
  greater,
  masked,
  mul,
  reshape,
  sum,
} from '../../engine/ops/functions.ts';
import type { Encoded, FusionContext } from '../definition.ts';
import { linear } from '../layers/linear.ts';

export interface Tokens {
  /** [B, N, width] */
  x: Tensor;
  /** [B, N], 1 for tokens that count; absent where all do. */
  keep?: Tensor;
}

/** Keep and present in one mask [B, N]; none where all tokens count. */
export function tokenMask({ tokens, keep, present }: Encoded): Tensor | undefined {
  if (!present) return keep;
  const [batch, count] = tokens.shape;
  const has = reshape(present, [batch, 1]);
  return keep ? mul(keep, has) : broadcast(has, [batch, count]);
}

/**
 * Tokens of one modality, projected by `<modality>.tokens`; where they join one sequence, with an embedding of their modality instead of a bias.
 */
export function projected(context: FusionContext, name: string, typed = false): Tokens {
  const { graph, encoded, width } = context;
  const { tokens } = encoded[name];
  const keep = tokenMask(encoded[name]);
  const [batch, count] = tokens.shape;
  const clean = keep ? masked(tokens, reshape(keep, [batch, count, 1])) : tokens;
  return graph.scope(name, () => {
    const x = linear(graph, 'tokens', clean, width, { bias: !typed });
    const type = typed && graph.parameter('type', [width], { kind: 'normal', deviation: 0.02 });
    return { x: type ? add(x, type) : x, keep };
  });
}

/** All tokens of the given modalities in one sequence, and where each modality lies in it. */
export function sequence(
  context: FusionContext,
  names = Object.keys(context.encoded),
): { tokens: Tokens; spans: Record<string, [number, number]> } {
  const parts = Object.fromEntries(names.map((name) => [name, projected(context, name, true)]));
  return { tokens: joined(context.graph, Object.values(parts)), spans: spansOf(parts) };
}

/** The pooled vector [B, width], zeros for samples without the modality. */
export function pooledVector({ pooled, present }: Encoded): Tensor {
  return present ? masked(pooled, reshape(present, [pooled.shape[0], 1])) : pooled;
}

/** [B, 1], 1 for samples that have the modality. */
export function presence({ pooled, present }: Encoded): Tensor {
  const shape = [pooled.shape[0], 1];
  return present ? reshape(present, shape) : constant(pooled.graph, 1, shape);
}

/** Streams one after another; a mask where any of them has one. */
export function joined(graph: Graph, parts: readonly Tokens[]): Tokens {
  const x =
    parts.length > 1
      ? concat(
          parts.map((part) => part.x),
          1,
        )
      : parts[0].x;
  if (parts.every(({ keep }) => !keep)) return { x };
  const masks = parts.map((part) => part.keep ?? constant(graph, 1, part.x.shape.slice(0, 2)));
  return { x, keep: masks.length > 1 ? concat(masks, 1) : masks[0] };
}

/** Places of each stream in `joined`: first and count. */
export function spansOf(parts: Readonly<Record<string, Tokens>>): Record<string, [number, number]> {
  let first = 0;
  return Object.fromEntries(
    Object.entries(parts).map(([name, { x }]) => {
      const span: [number, number] = [first, x.shape[1]];
      first += x.shape[1];
      return [name, span];
    }),
  );
}

/** [B, 1]: 1 for samples that have any of the modalities; none where every sample has one, or none are given. */
export function anyPresent(encoded: Readonly<Record<string, Encoded>>): Tensor | undefined {
  const list = Object.values(encoded).map(({ present }) => present);
  const known = list.flatMap((present) => present ?? []);
  if (known.length < list.length || !known.length) return undefined;
  const total = known.reduce((a, b) => add(a, b));
  return reshape(greater(total, constant(total.graph, 0.5)), [total.shape[0], 1]);
}

/** A joint vector [B, width] that is zero for samples without any modality. */
export function guarded(joint: Tensor, encoded: Readonly<Record<string, Encoded>>): Tensor {
  const any = anyPresent(encoded);
  return any ? masked(joint, any) : joint;
}

/** Mean over the tokens that count, [B, width]; zeros where none does. */
export function meanOf({ x, keep }: Tokens): Tensor {
  const [batch, count, width] = x.shape;
  if (!keep) return affine(reshape(sum(x, [1]), [batch, width]), 1 / count);
  const total = reshape(sum(masked(x, reshape(keep, [batch, count, 1])), [1]), [batch, width]);
  const tokens = sum(keep, [1]);
  return div(total, add(tokens, equal(tokens, constant(x.graph, 0))));
}
