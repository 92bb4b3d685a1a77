/** The text encoder: padding never changes the result, causal tokens never see later ones; for every pooling and kind of position. */
import { expect, test } from 'vitest';
import { defaults, type Field } from '../../core/fields.ts';
import { random } from '../../core/random.ts';
import { layoutParameters } from '../../engine/compile/layout.ts';
import { Graph } from '../../engine/graph/graph.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { relativeError } from '../../engine/testing/cases.ts';
import '../../engine/ops/index.ts';
import { initialize } from '../initialize.ts';
import { textTransformer } from './textTransformer.ts';

const length = 9;
const shape = { batch: 1, imageSize: 8, textLength: length, vocabulary: 50 };

function encoder(change: Record<string, string | boolean>) {
  const graph = new Graph();
  const inputs = {
    tokens: graph.input('tokens', [1, length], 'i32'),
    keep: graph.input('keep', [1, length]),
  };
  const fields = { ...defaults(textTransformer.fields as Field[]), width: 16, depth: 2, heads: 2, ...change };
  const { pooled, tokens } = textTransformer.build({
    graph,
    inputs,
    fields,
    shape,
    width: 8,
    training: true,
  });
  const layout = layoutParameters(graph);
  // Larger than at the start, so that a leak would show.
  const flat = initialize(layout, 3).map((value) => value * 3);
  return (ids: number[], kept: number) =>
    interpret(graph, [pooled, tokens], (name) => {
      const entry = layout.byName.get(name);
      if (entry) return flat.subarray(entry.offset, entry.offset + entry.size);
      return name === 'tokens' ? ids : ids.map((_, index) => (index < kept ? 1 : 0));
    });
}

const poolings = ['mean', 'last', 'cls'];
const kinds = poolings.flatMap((pool) =>
  ['learned', 'rotary'].flatMap((positions) => [true, false].map((causal) => ({ pool, positions, causal }))),
);

test.each(kinds)('padding changes nothing: $pool, $positions, causal: $causal', (kind) => {
  const encode = encoder(kind);
  const stream = random(5, kind.pool);
  const ids = Array.from({ length }, () => stream.integer(50));
  const other = ids.map((id, index) => (index < 5 ? id : stream.integer(50)));
  expect(relativeError(encode(other, 5)[0], encode(ids, 5)[0])).toBeLessThan(1e-12);
  expect(relativeError(encode(ids, 6)[0], encode(ids, 5)[0])).toBeGreaterThan(
    kind.pool === 'cls' && kind.causal ? -1 : 1e-6,
  );
});

test.each(['learned', 'rotary'])(
  'causal tokens do not see later ones, bidirectional ones do (%s)',
  (positions) => {
    const ids = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const changed = [...ids.slice(0, 6), 40, 41, 42];
    for (const causal of [true, false]) {
      const encode = encoder({ pool: 'mean', positions, causal });
      const early = (values: Float64Array) => values.subarray(0, 6 * 16);
      const difference = relativeError(early(encode(changed, length)[1]), early(encode(ids, length)[1]));
      if (causal) expect(difference).toBe(0);
      else expect(difference).toBeGreaterThan(1e-6);
    }
  },
);
