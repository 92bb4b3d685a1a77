/** Reads what a model remembers of its data (data/facts.ts) from a bundle, which is not trusted. */
import * as v from 'valibot';
import type { ModelFacts } from '../data/facts.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
const numbers = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.maxLength(100_000));
const spread = v.pipe(
  v.array(
    v.pipe(
      v.number(),
      v.finite(),
      v.check((value) => value !== 0, 'a deviation is 0'),
    ),
  ),
  v.maxLength(100_000),
);
const standard = { mean: numbers, deviation: spread };
const names = v.pipe(v.array(v.pipe(v.string(), v.maxLength(1000))), v.maxLength(100_000));

const schema = v.object({
  vocabulary: count,
  marks: v.optional(
    v.object({ pad: count, start: count, end: count, mask: v.pipe(v.number(), v.integer(), v.minValue(-1)) }),
  ),
  size: count,
  picture: v.optional(
    v.object({
      ...standard,
      fit: v.optional(v.picklist(['crop', 'pad', 'stretch'])),
      background: v.optional(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i))),
    }),
  ),
  sound: v.optional(v.object({ frames: count, bins: count, ...standard })),
  table: v.optional(v.object({ columns: names, steps: count, ...standard })),
  target: v.optional(
    v.object({
      name: v.string(),
      kind: v.picklist(['class', 'labels', 'number']),
      classes: names,
      mean: v.number(),
      deviation: v.number(),
    }),
  ),
});

export function readFacts(json: unknown, fail: (message: string) => never): ModelFacts {
  const result = v.safeParse(schema, json);
  if (!result.success) {
    const issue = result.issues[0];
    return fail(`${v.getDotPath(issue) ?? 'facts'}: ${issue.message}`);
  }
  const facts = result.output;
  const fits = (part: { mean: number[]; deviation: number[] } | undefined, length: number, what: string) => {
    if (part && (part.mean.length !== length || part.deviation.length !== length))
      fail(`${what} needs ${length} means and deviations`);
  };
  fits(facts.picture, 3, 'picture');
  fits(facts.sound, facts.sound?.bins ?? 0, 'sound');
  fits(facts.table, facts.table?.columns.length ?? 0, 'table');
  return facts;
}
