/**
 * What a cleaning rule is: it looks at the samples that the rules before it kept and names those that it would leave out. `fields` are its settings
 * with their defaults; one list gives the form, the check and the words.
 */
import type { Field, FieldValues, Text } from '../../core/fields.ts';
import type { Dataset, Modality } from '../dataset.ts';

/** What a rule looks at. */
export interface Subject {
  dataset: Dataset;
  /** Indices of the samples that are still there, ascending. */
  samples: Int32Array;
  /** A sample that a person put back: it stays, so that what is like it can be left out instead. */
  held(sample: number): boolean;
  /** To be called now and then: tells how far it is, lets other work go on, ends where it was cancelled. */
  pace(done: number): Promise<void>;
}

/** A sample to leave out. */
export interface Drop {
  sample: number;
  /** The number that it was judged by (`Rule.measure`). */
  figure?: number;
  /** The kept sample that it is too much like. */
  like?: number;
}

export interface Rule {
  type: string;
  title: Text;
  /** What it leaves out, how that is defined and what it misses. */
  summary: Text;
  /** What `Drop.figure` counts. */
  measure?: Text;
  /** Samples without it are passed over. */
  needs?: Modality;
  /** Why it cannot judge this data; undefined where it can. */
  lacks?(dataset: Dataset): Text | undefined;
  fields: Field[];
  judge(subject: Subject, values: FieldValues): Promise<Drop[]>;
}

/** A field's value as a number. Fields were checked before (core/fields.ts). */
export const numberOf = (values: FieldValues, key: string): number => Number(values[key]);

/** Judges sample by sample. @param look the drop's figure and likeness, or undefined to keep */
export async function each(
  { samples, pace }: Subject,
  look: (sample: number) => Omit<Drop, 'sample'> | undefined,
): Promise<Drop[]> {
  const drops: Drop[] = [];
  for (const [place, sample] of samples.entries()) {
    const drop = look(sample);
    if (drop) drops.push({ sample, ...drop });
    if (place % 16 === 15) await pace(place + 1);
  }
  return drops;
}
