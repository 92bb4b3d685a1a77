/** Inputs of a program drawn by seed, as a person's would be: whole tokens, masks that begin with ones, one place at a time. For checks. */
import { random } from '../core/random.ts';
import { sizeOf } from '../engine/graph/tensor.ts';
import type { Program } from './portable/extents.ts';

export type Drawn = Map<string, { shape: number[]; values: Float32Array | Int32Array }>;

/** Inputs that the outputs need. @param vocabulary tokens are below it */
export function drawnInputs({ graph, outputs }: Program, vocabulary: number, seed: number): Drawn {
  const drawn: Drawn = new Map();
  const nodes = graph.needed(outputs.values()).filter(({ op }) => op === 'input');
  const place = nodes.some(({ attributes }) => attributes['name'] === 'place');
  for (const { attributes, outputs: made } of nodes) {
    const name = String(attributes['name']);
    const [{ shape, dtype }] = made;
    const generator = random(seed, 'input', name);
    const size = sizeOf(shape);
    const rows = shape[0];
    const width = size / rows;
    let values: Float32Array | Int32Array = Float32Array.from({ length: size }, () => generator.normal());
    if (dtype === 'i32') {
      const below = name === 'parent' ? rows : vocabulary;
      values = Int32Array.from({ length: size }, () => generator.integer(below));
    } else if (name === 'place') values.fill(0)[shape[1] >> 1] = 1;
    else if (name === 'cellKeep' || name.startsWith('present.'))
      values = values.map(() => (generator.integer(4) > 0 ? 1 : 0));
    else if (/keep$/i.test(name)) {
      values.fill(0);
      // While a caption is written, all up to its place count.
      for (let row = 0; row < rows; row++) {
        const length = place && name === 'keep' ? (width >> 1) + 1 : 1 + generator.integer(width);
        values.fill(1, row * width, row * width + length);
      }
    }
    drawn.set(name, { shape: [...shape], values });
  }
  return drawn;
}
