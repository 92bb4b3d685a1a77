/**
 * What contrast between modalities shares: which two are compared, who is whose positive, and who takes part. Samples that are the same, or whose
 * captions are equal, are positives of each other, never false negatives (decision 5).
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, equal, mul, reshape, sub } from '../../engine/ops/functions.ts';
import type { ObjectiveContext } from '../definition.ts';

export interface Pair {
  /** `image-text`. */
  name: string;
  /** Unit vectors [B, width]. */
  first: Tensor;
  second: Tensor;
  /** [B], 1 where the sample has the modality; absent where all have it. */
  firstPresent?: Tensor;
  secondPresent?: Tensor;
}

/** Every two modalities of the batch. */
export function pairsOf({ modalities, embedding, encode }: ObjectiveContext): Pair[] {
  return modalities.flatMap((first, index) =>
    modalities.slice(index + 1).map((second) => ({
      name: `${first}-${second}`,
      first: embedding(first),
      second: embedding(second),
      firstPresent: encode(first).present,
      secondPresent: encode(second).present,
    })),
  );
}

/** [B, B], 1 where row and column belong together. */
export function positives({ input, shape: { batch } }: ObjectiveContext): Tensor {
  const same = (name: string) => {
    const groups = input(name, [batch], 'i32');
    return equal(reshape(groups, [batch, 1]), reshape(groups, [1, batch]));
  };
  const [samples, texts] = [same('sampleGroups'), same('textGroups')];
  return sub(add(samples, texts), mul(samples, texts));
}
