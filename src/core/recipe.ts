/**
 * The recipe: one JSON document that says everything about a run. The page edits it, the address bar and a
 * file share it, the headless program runs it, every export carries it.
 * Encoders, fusion, objectives and optimizers check their own fields (see core/fields.ts); this file holds the
 * frame around them.
 */
import * as v from 'valibot';
import { augmentSchema } from './augment.ts';
import { cleaningSchema } from './cleaning.ts';
import { optionalControls } from './controls.ts';
import { editsSchema } from './edits.ts';
import { StudioError } from './errors.ts';
import { chosenSchema } from './tokenizer.ts';

const part = v.looseObject({ type: v.string() });
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(0.9));

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

const schema = v.strictObject({
  format: v.literal('amalgam-recipe/1'),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
  data: v.strictObject({
    /** Square picture side in pixels that the model sees. */
    imageSize: v.pipe(positive, v.maxValue(512)),
    /** Longest caption in tokens, end mark included. */
    textLength: v.pipe(positive, v.maxValue(512)),
    /** Entries of the BPE vocabulary trained on the training captions. */
    vocabulary: v.pipe(v.number(), v.integer(), v.minValue(260), v.maxValue(65536)),
    /** A tokenizer of a file instead; a run keeps its own copy. */
    tokenizer: v.optional(chosenSchema),
    split: v.strictObject({
      /** `files`: the split the files state, where they state one; else random. `stratified`: each class with the same share. `group`: groups are never parted. */
      by: v.picklist(['files', 'random', 'stratified', 'group']),
      validation: fraction,
      test: fraction,
      seed: v.pipe(v.number(), v.integer(), v.minValue(0)),
      /** What a group is: a source or top folder (where absent), a value of `column`, what `pattern` catches of a file name. */
      groups: v.optional(v.picklist(['source', 'column', 'pattern'])),
      column: v.optional(v.pipe(v.string(), v.maxLength(200))),
      pattern: v.optional(
        v.pipe(v.string(), v.maxLength(200), v.check(isPattern, 'it is no regular expression')),
      ),
    }),
    /** What is left out; nothing where absent. What a data set keeps itself goes before it (data/cleaning). */
    cleaning: v.optional(cleaningSchema),
    /** What a person changed in captions; applied before the cleaning. What a data set keeps itself goes before it (data/edits.ts). */
    edits: v.optional(editsSchema),
    /** How sound becomes features; defaults where absent (data/audio). */
    audio: v.optional(
      v.strictObject({
        features: v.picklist(['log-mel', 'mfcc']),
        /** Mel bands, or cepstral coefficients. */
        bins: v.pipe(positive, v.maxValue(128)),
        /** Samples per second that clips are resampled to. */
        rate: v.pipe(positive, v.minValue(4000), v.maxValue(48000)),
        /** Longest clip; longer ones are cut. */
        seconds: v.pipe(v.number(), v.minValue(0.1), v.maxValue(60)),
        /** Milliseconds of a window, and from one to the next. */
        window: v.pipe(v.number(), v.minValue(4), v.maxValue(200)),
        hop: v.pipe(v.number(), v.minValue(1), v.maxValue(200)),
      }),
    ),
    /** Noise on pictures, sounds and tables of every split, in their own standard deviations; 0 where absent. */
    noise: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10))),
    augment: augmentSchema,
  }),
  encoders: v.record(v.string(), part),
  fusion: part,
  objectives: v.pipe(v.array(part), v.minLength(1)),
  training: v.strictObject({
    /** Pairs of a micro-batch, that is of a step where none accumulate. */
    batch: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(4096)),
    /** Micro-batches whose mean gradient makes a step; absent = 1. */
    accumulate: v.optional(v.pipe(positive, v.maxValue(64))),
    steps: positive,
    optimizer: part,
    schedule: part,
    /** Largest global gradient norm; 0 = off. */
    clip: v.pipe(v.number(), v.minValue(0)),
    /** How terms add up: by their weights (where absent), or by learned uncertainty. */
    weighting: v.optional(v.picklist(['fixed', 'learned'])),
    /** `f16` keeps activations as 16-bit floats and scales the loss; `f32` where absent. */
    precision: v.optional(v.picklist(['f32', 'f16'])),
    /** Steps between validations. */
    validateEvery: positive,
    /** Pairs of the validation split that are measured: the first so many. */
    validatePairs: positive,
    /** Steps between checkpoints. */
    checkpointEvery: positive,
    ...optionalControls,
  }),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
});

export type Recipe = v.InferOutput<typeof schema>;

/** Pairs that a step learns from: the effective batch. */
export const pairsPerStep = ({ training: { batch, accumulate = 1 } }: Recipe): number => batch * accumulate;

/** Whether a recipe speaks of data besides its own (training/earlier.ts). */
export const namesEarlier = ({ training: { replay, alsoValidate } }: Recipe): boolean =>
  replay !== undefined || alsoValidate !== undefined;

/**
 * Reads a recipe from parsed JSON.
 * @throws StudioError `recipe-invalid` with the path of the first mistake
 */
export function parseRecipe(json: unknown): Recipe {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new StudioError('recipe-invalid', { path: v.getDotPath(issue) ?? 'recipe', message: issue.message });
}
