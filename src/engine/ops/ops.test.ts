/** Every op without a GPU: gradients against central differences in float64, and errors that name path, axis and shapes. */
import { describe, expect, test } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import { Graph } from '../graph/graph.ts';
import { interpret } from '../graph/interpret.ts';
import { allOps } from '../graph/op.ts';
import { print } from '../graph/print.ts';
import { verify } from '../graph/verify.ts';
import { caseGraph, relativeError } from '../testing/cases.ts';
import * as f from './functions.ts';

/** Steps, and what passes no gradient by purpose: there is none to compare with central differences. */
const stepped = new Set(['equal', 'greater', 'stopGradient']);

describe.each(allOps().filter((op) => op.cases.length > 0))('$name', (op) => {
  test.each(op.cases.map((opCase, index) => [index, opCase] as const))(
    'case %i: the graph is valid and its gradient is the slope',
    (index, opCase) => {
      const { graph, outputs, inputs } = caseGraph(op, opCase, index);
      verify(graph);
      if (typeof op.vjp === 'string') {
        expect(op.vjp.length).toBeGreaterThan(10);
        return;
      }
      const values = Object.fromEntries(
        Object.entries(inputs).map(([name, array]) => [name, Float64Array.from(array)]),
      );
      const y = outputs.get('y0')!;
      const upstream = values['gradient'];
      const loss = () =>
        interpret(graph, [y], (name) => values[name])[0].reduce(
          (total, value, i) => total + value * upstream[i],
          0,
        );
      for (const [k, input] of opCase.inputs.entries()) {
        if (input.dtype === 'i32') continue;
        const gradient = outputs.get(`dx${k}`);
        if (stepped.has(op.name)) {
          expect(gradient).toBeUndefined();
          continue;
        }
        expect(gradient, `${op.name} has a gradient by input ${k}`).toBeDefined();
        const [made] = interpret(graph, [gradient!], (name) => values[name]);
        const x = values[`x${k}`];
        // At most forty numbers of an input, spread over it.
        const places = Array.from({ length: Math.min(40, x.length) }, (_, i) =>
          Math.floor((i * x.length) / Math.min(40, x.length)),
        );
        const slopes = places.map((i) => {
          const kept = x[i];
          const h = 1e-5 * Math.max(1, Math.abs(kept));
          x[i] = kept + h;
          const above = loss();
          x[i] = kept - h;
          const below = loss();
          x[i] = kept;
          return (above - below) / (2 * h);
        });
        expect(
          relativeError(
            places.map((i) => made[i]),
            slopes,
          ),
        ).toBeLessThan(1e-6);
      }
    },
  );
});

test('every op has cases, or says through which other op it is tested', () => {
  const without = allOps()
    .filter((op) => op.cases.length === 0)
    .map(({ name }) => name);
  expect(without.sort()).toEqual(['attentionGradient', 'input', 'parameter']);
});

describe('errors of the shape rules', () => {
  const failing = (build: (graph: Graph) => unknown): string => {
    const graph = new Graph();
    try {
      graph.scope('fusion', () => graph.scope('cross attention', () => build(graph)));
    } catch (error) {
      if (error instanceof StudioError && error.code === 'shape-mismatch')
        return `${error.params['path']}: ${error.params['message']}`;
      throw error;
    }
    return 'no error';
  };
  test('name the path of blocks, the axis and both shapes', () => {
    expect(failing((g) => f.matmul(g.input('a', [4, 64]), g.input('b', [32, 8])))).toMatchInlineSnapshot(
      `"model › fusion › cross attention › matmul: inner sizes 64 and 32 differ (4 × 64 and 32 × 8)"`,
    );
    expect(failing((g) => f.add(g.input('a', [4, 3]), g.input('b', [2, 3])))).toMatchInlineSnapshot(
      `"model › fusion › cross attention › add: axis 0: sizes 4 and 2 differ (4 × 3 and 2 × 3)"`,
    );
    expect(
      failing((g) => f.concat([g.input('a', [2, 3, 8]), g.input('b', [2, 3, 9])], 1)),
    ).toMatchInlineSnapshot(
      `"model › fusion › cross attention › concat: axis 2: sizes 8 and 9 differ (2 × 3 × 8 and 2 × 3 × 9)"`,
    );
    expect(
      failing((g) => f.layerNorm(g.input('x', [2, 8]), g.input('w', [7]), g.input('b', [8]), 1e-5)),
    ).toMatchInlineSnapshot(
      `"model › fusion › cross attention › layerNorm: axis 1: sizes 8 and 7 differ (2 × 8 and 7)"`,
    );
    expect(
      failing((g) => f.attention([g.input('qkv', [2, 5, 30])], undefined, { heads: 4, causal: false })),
    ).toMatchInlineSnapshot(
      `"model › fusion › cross attention › attention: axis 2: width 10 must split into 4 heads of a multiple of 4"`,
    );
    expect(failing((g) => f.reshape(g.input('x', [2, 6]), [5, 2]))).toMatchInlineSnapshot(
      `"model › fusion › cross attention › reshape: 12 elements (2 × 6) cannot become 10 (5 × 2)"`,
    );
  });
});

test('the printer shows shapes, attributes, blocks and outputs; equal nodes are made once', () => {
  const graph = new Graph();
  const x = graph.input('x', [2, 3]);
  const y = graph.scope('mlp', () =>
    f.matmul(x, graph.parameter('weight', [4, 3], { kind: 'normal', deviation: 1 }), { transposeB: true }),
  );
  expect(f.affine(y, 2)).toBe(f.affine(y, 2));
  graph.output('y', f.affine(y, 2));
  expect(print(graph)).toMatchInlineSnapshot(`
    "%0 [2×3] = input() {name: "x", shape: [2,3], dtype: "f32"}
    %1 [4×3] = parameter() {name: "mlp.weight", shape: [4,3]}  # mlp
    %2 [2×4] = matmul(%0, %1) {transposeA: false, transposeB: true}  # mlp
    %3 [2×4] = affine(%2) {factor: 2, offset: 0} → y"
  `);
});

test('the verifier names a node whose type is not what its rule says', () => {
  const graph = new Graph();
  const y = graph.scope('head', () => f.add(graph.input('a', [2, 3]), graph.input('b', [3])));
  Object.assign(y, { shape: [2, 4] });
  expect(() => verify(graph)).toThrow(
    /head › add #2, message output 0 is 2 × 4 f32, the rule says 2 × 3 f32/,
  );
});
