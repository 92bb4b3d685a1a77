/** Flat tensors from parts, in the layout that all executors share. */
import type { ParameterLayout } from '../compile/layout.ts';
import type { Tf, TfTensor } from '../graph/op.ts';

/** One number after another, as the layout has them; parameters without a value are 0, as gaps are. */
export function flatten(
  tf: Tf,
  layout: ParameterLayout,
  value: (parameter: string) => TfTensor | undefined,
): TfTensor {
  const parts: TfTensor[] = [];
  for (const [index, { name, offset, size }] of layout.entries.entries()) {
    const found = value(name);
    parts.push(found ? tf.reshape(found, [size]) : tf.zeros([size]));
    const gap = (layout.entries[index + 1]?.offset ?? layout.total) - offset - size;
    if (gap) parts.push(tf.zeros([gap]));
  }
  return concatenate(tf, parts);
}

/** Joins in rounds of 6: backends with few storage buffers lose parts of longer lists. */
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
