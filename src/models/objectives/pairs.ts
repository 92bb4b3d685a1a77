/**
 * What contrast between modalities shares: which two are compared, who is whose positive, and who takes part. Samples that are the same, or whose
 * captions are equal, are positives of each other, never false negatives (decision 5).
 */
import { StudioError } from '../../core/errors.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, equal, matmul, mul, reshape, sub } from '../../engine/ops/functions.ts';
import type { Contrast, ObjectiveContext } from '../definition.ts';

export interface Pair {
  /** `image-text`. */
  name: string;
  /** Unit vectors [rows, width]. */
  first: Tensor;
  second: Tensor;
  /** [rows], 1 where the sample has the modality; absent where all have it. */
  firstPresent?: Tensor;
  secondPresent?: Tensor;
  /** [B, B], of the batch alone, to be looked at. */
  similarity(): Tensor;
}

/** Every two modalities of the batch. @throws StudioError `recipe-invalid` where there are no two */
export function pairsOf({ modalities, contrast, embedding }: ObjectiveContext): Pair[] {
  if (modalities.length < 2)
    throw new StudioError('recipe-invalid', {
      path: 'objectives',
      message: 'contrast needs two modalities',
    });
  return modalities.flatMap((first, index) =>
    modalities.slice(index + 1).map((second) => ({
      name: `${first}-${second}`,
      first: contrast.embedding(first),
      second: contrast.embedding(second),
      firstPresent: contrast.present(first),
      secondPresent: contrast.present(second),
      similarity: () => matmul(embedding(first), embedding(second), { transposeB: true }),
    })),
  );
}

/** [rows, rows], 1 where row and column belong together. */
export function positives({ groups, rows }: Pick<Contrast, 'groups' | 'rows'>): Tensor {
  const same = (name: 'sampleGroups' | 'textGroups') =>
    equal(reshape(groups(name), [rows, 1]), reshape(groups(name), [1, rows]));
  const [samples, texts] = [same('sampleGroups'), same('textGroups')];
  return sub(add(samples, texts), mul(samples, texts));
}
