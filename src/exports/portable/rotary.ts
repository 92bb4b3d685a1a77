/** Rotary positions in the words of a format, with sine and cosine of every place as numbers. */
import { fixed } from './extents.ts';
import type { Value } from './target.ts';
import { type Lowering, numberOf } from './words.ts';

export const rotary: Lowering = (t, node) => {
  const [x] = node.values;
  const [input] = node.inputs;
  const [batch, length, row] = input.shape;
  const [tokens, wide] = fixed([length, row]);
  const heads = numberOf(node, 'heads');
  const direction = numberOf(node, 'direction');
  const width = wide / 3 / heads;
  const half = width / 2;
  const angles = Array.from(
    { length: tokens * half },
    (_, at) => Math.floor(at / half) * 10000 ** ((-2 * (at % half)) / width),
  );
  const cos = t.constant(angles.map(Math.cos), [tokens, 1, half]);
  const sin = t.constant(
    angles.map((angle) => direction * Math.sin(angle)),
    [tokens, 1, half],
  );
  const turned = t.reshape(t.cut(x, 3, [{ axis: 2, start: 0, end: (2 * wide) / 3 }]), [
    batch,
    tokens,
    2 * heads,
    width,
  ]);
  const low = t.cut(turned, 4, [{ axis: 3, start: 0, end: half }]);
  const high = t.cut(turned, 4, [{ axis: 3, start: half, end: width }]);
  const mul = (a: Value, b: Value) => t.binary('mul', a, b);
  const rotated = t.concat(
    [t.binary('sub', mul(low, cos), mul(high, sin)), t.binary('add', mul(high, cos), mul(low, sin))],
    3,
  );
  const values = t.cut(x, 3, [{ axis: 2, start: (2 * wide) / 3, end: wide }]);
  return [t.concat([t.reshape(rotated, [batch, tokens, (2 * wide) / 3]), values], 2)];
};
