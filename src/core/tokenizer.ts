/** The tokenizer that a recipe names: one of a file, known by its content. Where a recipe names none, one is trained on the captions. */
import * as v from 'valibot';

export const chosenSchema = v.strictObject({
  /** The file that it was read from, for people. */
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
  /** SHA-256, hex, over its `tokenizer.json` (data/text/tokenizerFiles.ts). */
  fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** Its largest id and one: rows of the table of embeddings. */
  entries: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_001)),
});

export type ChosenTokenizer = v.InferOutput<typeof chosenSchema>;
