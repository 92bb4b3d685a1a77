/** Unit vectors of many pairs of any data that the model knows, with progress between batches. */
import type { PreparedData } from '../../data/prepared.ts';
import type { Model } from '../model.ts';
import type { Tick } from './task.ts';

const together = 256;

export async function embedAll(
  model: Model,
  data: PreparedData,
  modality: string,
  pairs: Int32Array,
  tick: Tick,
): Promise<Float32Array> {
  const embedder = await model.embed();
  const result = new Float32Array(pairs.length * embedder.width);
  for (let from = 0; from < pairs.length; from += together) {
    tick(from / pairs.length);
    const part = pairs.subarray(from, from + together);
    result.set(await embedder.pairs(modality, part, data), from * embedder.width);
  }
  tick(1);
  return result;
}
