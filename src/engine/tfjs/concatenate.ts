/** Joins along the first axis in rounds of 6: backends with few storage buffers lose parts of longer lists. */
import type { Tf, TfTensor } from '../graph/op.ts';

/** Within `tidy`, which lets go of what is between. */
export function concatenate(tf: Tf, parts: TfTensor[]): TfTensor {
  let list = parts;
  while (list.length > 1) {
    const next: TfTensor[] = [];
    for (let i = 0; i < list.length; i += 6)
      next.push(i + 1 < list.length ? tf.concat(list.slice(i, i + 6), 0) : list[i]);
    list = next;
  }
  return list[0];
}
