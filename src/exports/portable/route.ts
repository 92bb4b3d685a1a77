/** Routing to experts in the words of a format: its sizes follow the number of tokens, which is known when it runs. */
import type { Value } from './target.ts';
import { counts, type Lowering, last, numberOf, oneHot } from './words.ts';

/** A little less than a whole number above, as ops/route.ts has it. */
const slack = 1e-3;

/** Places of tokens at experts of limited room (ops/route.ts), whatever the number of tokens. */
export const route: Lowering = (t, node) => {
  const [choices, keep] = node.values;
  const [experts, factor] = [numberOf(node, 'experts'), numberOf(node, 'factor')];
  const k = last(node.inputs[0]);
  const tokens = t.size(choices, 0);
  const share = (count: Value) =>
    t.unary(
      'ceil',
      t.binary('sub', t.binary('mul', count, t.constant((factor * k) / experts)), t.constant(slack)),
    );
  const room = t.binary('max', share(t.cast(tokens, 'f32')), t.constant(1));
  const counted = t.cast(counts(t, keep), 'f32');
  const allowed = t.binary(
    'min',
    t.binary('max', share(t.reshape(t.reduce('sum', counted, [0]), [])), t.constant(0)),
    room,
  );
  // First choices before second ones: choice by choice, the tokens in order.
  const order = t.reshape(t.permute(choices, [1, 0]), ['unknown']);
  const mask = t.concat(
    Array.from({ length: k }, () => counted),
    0,
  );
  const chosen = t.binary('mul', oneHot(t, order, ['unknown'], experts), t.reshape(mask, ['unknown', 1]));
  const position = t.reshape(t.reduce('sum', t.binary('mul', t.before(chosen), chosen), [1]), ['unknown']);
  const asked = t.reshape(t.reduce('sum', chosen, [1]), ['unknown']);
  const fits = t.binary('mul', asked, t.cast(t.compare('less', position, allowed), 'f32'));
  const place = t.binary('add', t.binary('mul', t.cast(order, 'f32'), room), position);
  const slot = t.binary('sub', t.binary('mul', t.binary('add', place, t.constant(1)), fits), t.constant(1));
  const slots = t.cast(t.permute(t.reshape(slot, [k, 'unknown']), [1, 0]), 'i32');
  // Which token took each slot: one more than its number, 0 where none did.
  const numbers = t.binary('add', t.count(tokens), t.constant(1));
  const line = t.reshape(
    t.concat(
      Array.from({ length: k }, () => numbers),
      0,
    ),
    [1, 'unknown'],
  );
  const all = t.count(t.cast(t.binary('mul', room, t.constant(experts)), 'i32'));
  const taken = t.cast(
    t.compare('equal', t.reshape(slot, ['unknown', 1]), t.reshape(all, [1, 'unknown'])),
    'f32',
  );
  const found = t.matmul(line, taken, {
    transposeA: false,
    transposeB: false,
    shapes: [
      [1, 'unknown'],
      ['unknown', 'unknown'],
    ],
    result: [1, 'unknown'],
  });
  const sources = t.cast(t.binary('sub', t.reshape(found, ['unknown']), t.constant(1)), 'i32');
  return [slots, sources];
};
