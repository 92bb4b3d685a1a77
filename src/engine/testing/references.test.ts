/** Layers, losses and schedules against PyTorch in float64 (references/ops), in our own float64 meaning. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeShared, sharedData } from '../../data/testing/shared.ts';
import { adamw } from '../../training/optimizers/adamw.ts';
import { sgd } from '../../training/optimizers/sgd.ts';
import { cosine } from '../../training/schedules/cosine.ts';
import { interpret } from '../graph/interpret.ts';
import { relativeError } from './cases.ts';
import { referenceCase, referenceLayers } from './references.ts';
import { readReference } from './safetensors.ts';

describeShared('PyTorch references in float64', () => {
  const index = JSON.parse(readFileSync(sharedData('references/ops/index.json'), 'utf8')) as Record<
    string,
    { attrs: Record<string, number>; lr?: number[] }
  >;
  const file = (name: string) =>
    readReference(readFileSync(sharedData(`references/ops/${name}.safetensors`)));

  test.each(Object.keys(referenceLayers))('%s: output and every gradient', (name) => {
    const { graph, outputs, inputs, expected } = referenceCase(name, file(name), index[name].attrs);
    const results = interpret(graph, [...outputs.values()], (input) => inputs[input]);
    for (const [k, output] of [...outputs.keys()].entries())
      expect(relativeError(results[k], expected.get(output)!), output).toBeLessThan(1e-6);
  });

  test('a schedule of warm-up and cosine', () => {
    const { lr } = index['schedule-warmup5-cosine15'];
    const factors = lr!.map((_, step) =>
      cosine.factor(step + 1, 20, { warmup: 5, start: 0.001, floor: 0.05 }),
    );
    expect(relativeError(factors, lr!)).toBeLessThan(1e-12);
  });

  test.each([
    [
      'optimizer-adamw',
      adamw.rule({ rate: 0.01, beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.2 }),
      0.01,
      0.2,
    ],
    [
      'optimizer-sgd-momentum-nesterov',
      sgd.rule({ rate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
      0.05,
      0.01,
    ],
  ] as const)('%s: ten steps', (name, rule, rate, decay) => {
    const tensors = file(name);
    const parameters = tensors.get('params')!.values;
    const gradients = tensors.get('grads')!.values;
    const size = 12;
    const p = Float64Array.from(parameters.subarray(0, size));
    const m = Array.from({ length: size }, () => new Array<number>(rule.moments).fill(0));
    for (let step = 1; step <= 10; step++) {
      for (let i = 0; i < size; i++) {
        const next = rule.reference({
          p: p[i],
          g: gradients[(step - 1) * size + i],
          m: m[i],
          rate,
          decay,
          s: rule.scalars(step),
        });
        p[i] = next.p;
        m[i] = next.m;
      }
      expect(
        relativeError(p, parameters.subarray(step * size, (step + 1) * size)),
        `step ${step}`,
      ).toBeLessThan(1e-6);
    }
  });
});
