/**
 * What a person changed in the captions of a data set, sample by sample. Part of a recipe, and kept beside a data set, as a cleaning is; the files and what was
 * stored of them stay as they were. A run is trained on what its own recipe says.
 */
import * as v from 'valibot';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A caption after the edit: one that was there (`of`, its place), with other words where `text` says so; or a new one. */
const caption = v.pipe(
  v.strictObject({
    of: v.optional(whole),
    text: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(20_000))),
  }),
  v.check(({ of, text }) => of !== undefined || text !== undefined, 'it needs `of` or `text`'),
);

export const editsSchema = v.strictObject({
  /** Of the data before any edit; on other data the edits are passed over. */
  fingerprint: v.string(),
  /** By the index of the sample: all its captions, in order. */
  captions: v.record(v.pipe(v.string(), v.regex(/^\d+$/)), v.array(caption)),
});

export type Edits = v.InferOutput<typeof editsSchema>;
export type EditedCaption = Edits['captions'][string][number];

/**
 * The edit that makes `captions` of what was there: each takes the place of an equal one, else of the one that stood there before.
 * @returns undefined where nothing changed
 */
export function editFrom(
  before: readonly string[],
  captions: readonly string[],
): EditedCaption[] | undefined {
  if (before.length === captions.length && captions.every((text, i) => text === before[i])) return undefined;
  const taken = new Set<number>();
  const equal = captions.map((text) => {
    const place = before.findIndex((one, i) => one === text && !taken.has(i));
    if (place >= 0) taken.add(place);
    return place;
  });
  return captions.map((text, i) => {
    if (equal[i] >= 0) return { of: equal[i] };
    if (i >= before.length || taken.has(i)) return { text };
    taken.add(i);
    return { of: i, text };
  });
}

interface Fingerprinted {
  fingerprint: string;
  /** Before any edit, where there are edits. */
  original?: string;
}

/** The fingerprint that a set had before any edit. */
export const originalOf = ({ fingerprint, original }: Fingerprinted): string => original ?? fingerprint;

/** The same of a data set that is open, with what was there before. */
export const baseOf = ({
  fingerprint,
  original,
}: {
  fingerprint: string;
  original?: { fingerprint: string };
}): string => original?.fingerprint ?? fingerprint;

/** Whether a run was trained on a set, whatever has been edited in it since. */
export function trainedOn(
  { fingerprint, recipe }: { fingerprint: string; recipe: { data: { edits?: Edits } } },
  set: Fingerprinted,
): boolean {
  const original = originalOf(set);
  return original === fingerprint || original === recipe.data.edits?.fingerprint;
}
