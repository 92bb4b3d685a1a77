/** Draws the initial numbers of a model. Each parameter has a stream of its own, by seed and name: adding one changes no other. */
import { random } from '../core/random.ts';
import type { ParameterLayout } from '../engine/compile/layout.ts';

/** @returns the flat buffer, `layout.total` floats */
export function initialize(layout: ParameterLayout, seed: number): Float32Array {
  const flat = new Float32Array(layout.total);
  for (const { name, offset, size, initializer } of layout.entries) {
    const generator = random(seed, 'parameter', name);
    for (let i = offset; i < offset + size; i++)
      flat[i] =
        initializer.kind === 'constant'
          ? initializer.value
          : initializer.kind === 'normal'
            ? initializer.deviation * generator.normal()
            : initializer.bound * (2 * generator.uniform() - 1);
  }
  return flat;
}
