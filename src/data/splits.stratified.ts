/**
 * Divides units (samples, or copies that stay together) so that every class has the same share in each part. Units of one sample and one class are
 * dealt out class by class: floor of the share, then what is left over to the parts that are furthest behind as a whole, so that each class is within
 * one sample of its share and the parts are too, as far as the classes allow. Units of several samples or labels go first, each to the part that still
 * wants most of its rarest label (Sechidis, Tsoumakas and Vlahavas 2011, “On the Stratification of Multi-Label Data”).
 */
import { StudioError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { Dataset, Split } from './dataset.ts';
import { firstPairs } from './having.ts';

const parts = ['test', 'validation', 'train'] as const;
type Shares = Record<Split, number>;

/**
 * The classes of each sample, numbered: of a class the one of its first pair, of labels all that any pair has, and where nothing is to be
 * predicted the caption, where captions repeat as those of class folders do. What is unknown is a class of its own.
 * @throws StudioError `split-unfit` where the data has no classes
 */
export function strataOf({ captions, target }: Pick<Dataset, 'captions' | 'target'>): number[][] {
  if (target?.kind === 'number')
    throw new StudioError('split-unfit', { message: `“${target.name}” is a number and has no classes` });
  const first = firstPairs(captions);
  if (target?.kind === 'class')
    return captions.map((_, i) => [
      target.values[first[i]] < 0 ? target.classes.length : target.values[first[i]],
    ]);
  if (target) {
    const count = target.classes.length;
    return captions.map((_, i) => {
      const labels = new Set<number>();
      for (let at = first[i] * count; at < first[i + 1] * count; at++)
        if (target.values[at] === 1) labels.add(at % count);
      return labels.size > 0 ? [...labels] : [count];
    });
  }
  const numbers = new Map<string, number>();
  const strata = captions.map((list) => {
    const key = list.length === 1 ? list[0] : '';
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return [number];
  });
  if (numbers.size < 2 || numbers.size > captions.length / 2)
    throw new StudioError('split-unfit', {
      message: 'nothing is to be predicted, and its captions are no classes',
    });
  return strata;
}

/** Puts every unit into a part. @param strata classes of each sample @param put takes a unit and its part */
export function stratify(
  units: readonly number[][],
  strata: readonly number[][],
  shares: Shares,
  draw: Random,
  put: (unit: readonly number[], split: Split) => void,
): void {
  const order = Array.from(draw.permutation(units.length), (index) => units[index]);
  const counts = new Map<number, number>();
  for (const unit of order)
    for (const index of unit)
      for (const label of strata[index]) counts.set(label, (counts.get(label) ?? 0) + 1);
  const samples = order.reduce((sum, unit) => sum + unit.length, 0);
  /** What each part still wants of each label, and as a whole. */
  const wants = new Map([...counts].map(([label, count]) => [label, scaled(shares, count)]));
  const whole = scaled(shares, samples);

  const simple = (unit: readonly number[]) => unit.length === 1 && strata[unit[0]].length === 1;
  const give = (unit: readonly number[], split: Split) => {
    for (const index of unit) for (const label of strata[index]) wants.get(label)![split]--;
    whole[split] -= unit.length;
    put(unit, split);
  };
  const rarest = (unit: readonly number[]) =>
    unit.flatMap((index) => strata[index]).reduce((a, b) => (counts.get(b)! < counts.get(a)! ? b : a));
  const several = order.filter((unit) => !simple(unit)).map((unit) => ({ unit, label: rarest(unit) }));
  several.sort((a, b) => counts.get(a.label)! - counts.get(b.label)! || b.unit.length - a.unit.length);
  for (const { unit, label } of several) {
    const own = wants.get(label)!;
    give(
      unit,
      best((split) => [own[split], whole[split]]),
    );
  }

  const classes = new Map<number, number[][]>();
  for (const unit of order.filter(simple)) {
    const [label] = strata[unit[0]];
    classes.set(label, [...(classes.get(label) ?? []), unit]);
  }
  const dealt = [...classes].map(([label, members]) => ({
    members,
    ...rounded(wants.get(label)!, members.length),
  }));
  // The whole is behind by what the floors leave over.
  for (const { floors } of dealt) for (const split of parts) whole[split] -= floors[split];
  for (const { members, floors, rests } of dealt.sort((a, b) => a.members.length - b.members.length)) {
    const left = members.length - sum(floors);
    const ahead = parts
      .filter((split) => rests[split] > 1e-9)
      .sort((a, b) => whole[b] - whole[a] || rests[b] - rests[a])
      .slice(0, left);
    for (const split of ahead) {
      floors[split]++;
      whole[split]--;
    }
    let at = 0;
    for (const split of parts) for (let i = 0; i < floors[split]; i++) put(members[at++], split);
  }
}

/** What is wanted of `count` units, in whole ones and what is left over; wants that are over-fulfilled count as none. */
function rounded(wants: Shares, count: number): { floors: Shares; rests: Shares } {
  const positive = {
    train: Math.max(0, wants.train),
    validation: Math.max(0, wants.validation),
    test: Math.max(0, wants.test),
  };
  const exact = scaled(positive, count / (sum(positive) || 1));
  const floors = { train: 0, validation: 0, test: 0 };
  const rests = { train: 0, validation: 0, test: 0 };
  for (const split of parts) {
    floors[split] = Math.floor(exact[split] + 1e-9);
    rests[split] = exact[split] - floors[split];
  }
  return { floors, rests };
}

const sum = (shares: Shares): number => shares.train + shares.validation + shares.test;

const scaled = (shares: Shares, by: number): Shares => ({
  train: shares.train * by,
  validation: shares.validation * by,
  test: shares.test * by,
});

/** The part that ranks highest, first number first. */
function best(rank: (split: Split) => readonly [number, number]): Split {
  return [...parts].sort((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return Math.abs(first[0] - second[0]) > 1e-9 ? second[0] - first[0] : second[1] - first[1];
  })[0];
}
