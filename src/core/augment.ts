/**
 * What a recipe says of augmentation: random changes of the training samples (data/augment.ts). What came later is optional and off where absent, so that a
 * recipe written before means what it meant.
 */
import * as v from 'valibot';

const number = (min: number, max: number) => v.optional(v.pipe(v.number(), v.minValue(min), v.maxValue(max)));

const mostPairs = 100;
const mostGroups = 300;
const mostInGroup = 20;

const word = v.pipe(
  v.string(),
  v.maxLength(60, 'a word has at most 60 characters'),
  v.check((text) => text === text.trim() && text !== '', 'a word is empty or has blanks around it'),
);

/** The first word that stands in a list twice, whatever its case. */
export function repeated(groups: readonly (readonly string[])[]): string | undefined {
  const seen = new Set<string>();
  return groups.flat().find((text) => {
    const key = text.toLowerCase();
    return seen.has(key) || !seen.add(key);
  });
}

const once = v.check(
  (groups: string[][]) => repeated(groups) === undefined,
  ({ input }) => `“${repeated(input)}” stands in the list twice`,
);

/** Words of which one takes the place of the other. */
const pairs = v.pipe(
  v.array(v.pipe(v.array(word), v.length(2, 'two words make a pair'))),
  v.maxLength(mostPairs, `at most ${mostPairs} pairs`),
  once,
);

/** Words that mean the same. */
const groups = v.pipe(
  v.array(
    v.pipe(
      v.array(word),
      v.minLength(2, 'a group needs two words'),
      v.maxLength(mostInGroup, `a group has at most ${mostInGroup} words`),
    ),
  ),
  v.maxLength(mostGroups, `at most ${mostGroups} groups`),
  once,
);

export const augmentSchema = v.strictObject({
  /** Largest random shift and zoom, as a fraction of the side; 0 = off. */
  crop: v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)),
  /** Mirror half of the pictures; never those whose captions say sides, unless `swap` can swap them all. */
  flip: v.boolean(),
  /** The words that a mirrored picture swaps in its caption. */
  swap: v.optional(pairs),
  /** Brightness and contrast jitter, as a fraction; 0 = off. */
  color: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** Saturation jitter, as a fraction. */
  saturation: number(0, 1),
  /** Largest standard deviation of a Gaussian blur, in pixels that the model sees. */
  blur: number(0, 8),
  /** Side of a square that takes the mean colour, as a fraction of the picture's (DeVries & Taylor 2017, arXiv 1708.04552). */
  cutout: number(0, 0.9),
  /** Probability of leaving a word out of a caption; 0 = off. */
  wordDropout: v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)),
  /** Probability that a word of `synonymWords` gives way to another of its group. */
  synonyms: number(0, 1),
  synonymWords: v.optional(groups),
  /** Largest change of loudness, in decibels. */
  gain: number(0, 40),
  /** Largest shift of a sound in time, as a fraction of its length. */
  shift: number(0, 0.5),
  /** Longest run of frames, and of bins, that are silenced, as fractions (SpecAugment, Park et al. 2019, arXiv 1904.08779). */
  timeMask: number(0, 0.9),
  bandMask: number(0, 0.9),
});

export type Augment = v.InferOutput<typeof augmentSchema>;

/** Whether pictures are blurred, saturated or cut after they are read. */
export const alters = ({ saturation = 0, blur = 0, cutout = 0 }: Augment): boolean =>
  saturation > 0 || blur > 0 || cutout > 0;

export const altersSound = ({ gain = 0, shift = 0, timeMask = 0, bandMask = 0 }: Augment): boolean =>
  gain > 0 || shift > 0 || timeMask > 0 || bandMask > 0;

export const swapsSides = ({ flip, swap = [] }: Augment): boolean => flip && swap.length > 0;

/** Pixels on each side that a blur of a deviation looks at. */
export const reachOf = (sigma: number): number => Math.ceil(3 * sigma);

/** Whether anything of a modality's training samples is changed at random. */
export const augments = (augment: Augment, modality: string): boolean => {
  const { crop, flip, color, wordDropout, synonyms = 0 } = augment;
  if (modality === 'image') return crop > 0 || flip || color > 0 || alters(augment);
  if (modality === 'text') return wordDropout > 0 || synonyms > 0 || swapsSides(augment);
  return modality === 'audio' && altersSound(augment);
};
