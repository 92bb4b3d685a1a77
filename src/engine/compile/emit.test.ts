/** The WGSL text: golden for two kernels (compile.test.ts has fused ones), and for every kernel of the built-in recipe its declarations equal the bindings and uniforms it is given. */
import { expect, test } from 'vitest';
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';
import clipShapes from '../../../recipes/clip-shapes.json' with { type: 'json' };
import { parseRecipe } from '../../core/recipe.ts';
import { setUp } from '../../training/setup.ts';
import { Graph } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import * as f from '../ops/functions.ts';
import { directionProgram } from '../webgpu/direction.ts';
import { finishKernel, optimizePlaces } from '../webgpu/finish.ts';
import { optimizeKernels } from '../webgpu/optimize.ts';
import { compile } from './compile.ts';

function kernelsOf(build: (graph: Graph) => Tensor, software = true) {
  const graph = new Graph();
  return compile(graph, new Map([['y', build(graph)]]), { software, maxBuffer: 2 ** 27 }).kernels;
}

test('golden: a product by one thread per result, with an epilogue', () => {
  const [{ wgsl }] = kernelsOf((g) =>
    f.sigmoid(f.add(f.matmul(g.input('x', [5, 7]), g.input('w', [7, 3])), g.input('b', [3]))),
  );
  expect(wgsl).toMatchSnapshot();
});

test('golden: layer norm by a workgroup per row', () => {
  const [{ wgsl }] = kernelsOf(
    (g) => f.layerNorm(g.input('x', [4, 64]), g.input('w', [64]), g.input('b', [64]), 1e-5)[0],
    false,
  );
  expect(wgsl).toMatchSnapshot();
});

test.each([
  { software: true, optimizer: { type: 'adamw' }, averages: false },
  { software: false, optimizer: { type: 'adamw' }, averages: true },
  { software: true, optimizer: { type: 'muon' }, averages: true },
  { software: false, optimizer: { type: 'muon' }, averages: true },
])(
  'text and layout agree in every kernel of a training step: $software, $optimizer.type, $averages',
  ({ software, optimizer, averages }) => {
    const recipe = parseRecipe(clipShapes);
    const changed = { ...recipe, training: { ...recipe.training, optimizer } };
    const { specification, layout, rule, norms } = setUp(changed, {
      batch: 32,
      imageSize: 32,
      textLength: 24,
      vocabulary: 512,
      pictures: { capacity: 100 },
    });
    const outputs = new Map([...specification.outputs, ...specification.scalars]);
    const program = compile(specification.graph, outputs, {
      gradients: specification.gradients,
      layout,
      software,
      maxBuffer: 2 ** 27,
    });
    const places = optimizePlaces(layout, program, rule.moments, norms.length, {
      accumulates: true,
      averages,
      directs: rule.direction !== undefined,
    });
    const directions = directionProgram(layout, rule.direction, places, program.buffers.length, {
      software,
      scaled: true,
      maxBuffer: 2 ** 27,
    });
    const kernels = [
      ...program.kernels,
      ...directions.kernels,
      finishKernel(layout, places, software),
      ...optimizeKernels(layout, rule, norms, places, { software, scaled: true }),
    ];
    expect(kernels.length).toBeGreaterThan(80);
    for (const { label, wgsl, bindings, uniforms, usesStep, workgroups, places } of kernels) {
      // Its parser stumbles over a variable called `block`.
      const reflected = new WgslReflect(wgsl.replaceAll(/\bblock\b/g, 'block_'));
      const storage = [...reflected.storage].sort((a, b) => a.binding - b.binding);
      expect(
        storage.map(({ group, binding, name, access, type }) => ({
          group,
          binding,
          name,
          access,
          type: type.getTypeName().replace(', 0>', '>'),
        })),
        label,
      ).toEqual(
        bindings.map(({ name, access, element = 'f32' }, binding) => ({
          group: 0,
          binding,
          name,
          access: access === 'read' ? 'read' : 'read_write',
          type: `array<${element}>`,
        })),
      );
      const own = reflected.uniforms.find(({ name }) => name === 'u');
      expect(own?.binding, label).toBe(bindings.length);
      expect(own?.members?.length, label).toBe(uniforms.length);
      expect(reflected.uniforms.length, label).toBe(usesStep ? 2 : 1);
      if (usesStep)
        expect(reflected.uniforms.find(({ name }) => name === 'step')?.binding).toBe(bindings.length + 1);
      expect(reflected.entry.compute.map(({ name }) => name)).toEqual(['main']);
      for (const count of workgroups) expect(count).toBeLessThanOrEqual(65_535);
      // Limits of a default adapter.
      expect(bindings.length, label).toBeLessThanOrEqual(8);
      expect(places.every(({ offset }) => offset % 256 === 0)).toBe(true);
    }
  },
);
