/**
 * What is left out of a data set: rules in their order (data/cleaning) and what a person decided sample by sample. Part of a recipe, and kept beside a data set.
 * Nothing is deleted by it. The outcome follows from the data and this alone.
 */
import * as v from 'valibot';
import { StudioError } from './errors.ts';

const samples = v.array(v.pipe(v.number(), v.integer(), v.minValue(0)));

export const cleaningSchema = v.strictObject({
  /** Each with its type, its own fields, and `off` where it is switched off. */
  rules: v.array(v.looseObject({ type: v.string(), off: v.optional(v.boolean()) })),
  /** Indices of samples; they hold for the data of this fingerprint alone. */
  hand: v.optional(
    v.strictObject({
      fingerprint: v.string(),
      /** Kept whatever the rules say. */
      back: samples,
      /** Left out before any rule looks. */
      out: samples,
    }),
  ),
});

export type Cleaning = v.InferOutput<typeof cleaningSchema>;

/**
 * Reads a cleaning from parsed JSON; the rules' own fields are checked where they run.
 * @throws StudioError `recipe-invalid` with the path of the first mistake
 */
export function parseCleaning(json: unknown): Cleaning {
  const result = v.safeParse(cleaningSchema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new StudioError('recipe-invalid', {
    path: path ? `data.cleaning.${path}` : 'data.cleaning',
    message: issue.message,
  });
}
