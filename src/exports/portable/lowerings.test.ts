/**
 * Every op in both formats: each has its words or says why no served model has it, and each of its own cases, as a model of that one op, gives its float64
 * meaning in onnxruntime and in TensorFlow.js.
 */
import { describe, expect, test } from 'vitest';
import { interpret } from '../../engine/graph/interpret.ts';
import { allOps } from '../../engine/graph/op.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { caseGraph } from '../../engine/testing/cases.ts';
import { writeOnnx } from '../../interchange/onnx/model.ts';
import { writeGraphModel } from '../../interchange/tfjs/graphModel.ts';
import { difference, type Run } from '../check.ts';
import type { Drawn } from '../drawnInputs.ts';
import { openOnnx } from '../onnx/runtime.ts';
import { OnnxTarget } from '../onnx/target.ts';
import { openTfjs } from '../tfjs/runtime.ts';
import { TfjsTarget } from '../tfjs/target.ts';
import { align, type Program } from './extents.ts';
import { lower } from './lower.ts';
import { lowerings } from './lowerings.ts';

/** What only gradients read. */
const byProducts: Record<string, string[]> = {
  attention: ['y1'],
  crossEntropy: ['y1'],
  layerNorm: ['y1'],
  maxPool: ['y1'],
  unitLength: ['y1'],
};

const plain = { doc: '', metadata: {} };

const formats: Record<string, (program: Program) => Promise<Run>> = {
  async onnxruntime(program) {
    const target = new OnnxTarget();
    lower(
      target,
      align('case', () => program),
      new Map(),
    );
    const { nodes, weights, inputs, outputs } = target;
    return openOnnx(writeOnnx({ name: 'case', nodes, weights, inputs, outputs, ...plain }));
  },
  async 'TensorFlow.js'(program) {
    const target = new TfjsTarget();
    lower(
      target,
      align('case', () => program),
      new Map(),
    );
    const { nodes, weights, inputs, outputs } = target;
    return openTfjs(writeGraphModel({ nodes, weights, inputs, outputs, metadata: {} }));
  },
};

test('every op has its words, or says why no served model has it', () => {
  const names = allOps().map(({ name }) => name);
  expect(Object.keys(lowerings).sort()).toEqual(names.sort());
  for (const lowering of Object.values(lowerings))
    if (typeof lowering !== 'function') expect(lowering.never.length).toBeGreaterThan(20);
});

const said = allOps().filter(({ name }) => typeof lowerings[name] === 'function');

describe.each(Object.keys(formats))('%s', (format) => {
  test.each(said.map((op) => [op.name, op] as const))('%s', async (name, op) => {
    for (const [index, opCase] of op.cases.entries()) {
      const { graph, outputs: all, inputs } = caseGraph(op, opCase, index);
      const outputs = new Map<string, Tensor>(
        [...all].filter(([key]) => key.startsWith('y') && !byProducts[name]?.includes(key)),
      );
      const wanted = graph.needed(outputs.values()).filter((node) => node.op === 'input');
      const drawn: Drawn = new Map(
        wanted.map(({ attributes, outputs: [{ shape }] }) => {
          const key = String(attributes['name']);
          return [key, { shape: [...shape], values: inputs[key] }];
        }),
      );
      const run = await formats[format]({ graph, outputs });
      const answers = await run(drawn, [...outputs.keys()]);
      const expected = interpret(graph, [...outputs.values()], (key) => inputs[key]);
      for (const [k, [key, { shape }]] of [...outputs].entries())
        expect(
          difference(answers.get(key), shape, expected[k]),
          `case ${index}, ${key} [${shape}]`,
        ).toBeLessThan(1e-5);
    }
  });
});
