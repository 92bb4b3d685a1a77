/**
 * What a micro-batch draws where the recipe says more than “samples in turn”: ratios between groups of samples, and a curriculum's pool. Each group has an
 * endless stream of its own, one seeded permutation after another, and a micro-batch takes from it as many rows as `apportion` gives it: so every sample of a
 * group is drawn once before any is drawn again, and a resumed run draws what an uninterrupted one does. A pool restricts every group to its easiest share,
 * and the streams begin anew where the pool changes. Where batches are to be alike, every step is of one combination of modalities, in turn, each as often
 * as its samples want; ratios then hold within each.
 */
import type { Sampling } from '../core/controls.ts';
import { StudioError } from '../core/errors.ts';
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import { apportion } from './apportion.ts';
import { groupNames, replaySource } from './groups.ts';
import type { PreparedData } from './prepared.ts';
import { unitsOf } from './units.ts';

/** Units (data/units.ts) that a curriculum draws from. Two pools are the same object or different ones. */
export interface Pool {
  /** The micro-batch from which it holds. */
  since: number;
  /** Every unit, those that come first at the beginning. */
  order: Int32Array;
  /** How many of each group are drawn from, 0 … 1. */
  share: number;
}

/** Samples that have the same modalities, and how many of them fill a batch. */
export interface Combination {
  /** As in ratios by modalities. */
  name: string;
  rows: number;
}

/** What a draw follows besides the recipe. */
export interface Drawing {
  /** Of a curriculum; all samples where absent. */
  pool?: Pool;
  /** Batches of samples that are alike: what they are of. Where absent, batches are mixed and have the recipe's size. */
  combinations?: readonly Combination[];
}

/** A group with a share, and the units in it, ascending. */
interface Group {
  name: string;
  share: number;
  units: Int32Array;
}

/** A unit, and which time its stream comes round, by a name: another time, another caption. */
export interface Draw {
  unit: number;
  round: string;
}

interface Stream extends Group {
  /** Those of its units that are drawn from. */
  members: Int32Array;
  /** The latest order. */
  round?: string;
  order?: Uint32Array;
}

/** Batches of one kind: the only one, or one for each combination. */
interface Part {
  name: string;
  rows: number;
  /** How often it has its turn, against the others. */
  weight: number;
  streams: Stream[];
}

interface Cache {
  key: string;
  drawing: Drawing;
  parts: Part[];
}

const caches = new WeakMap<PreparedData, Cache>();

/**
 * The groups that are drawn from, by name; one of all units where there are no ratios. A group that is not named has the share 1.
 * @throws StudioError `sampling-unknown`, `sampling-empty` naming a group that has a share and no samples, `recipe-invalid` where all shares are 0
 */
function groupsOf(data: PreparedData, recipe: Recipe): Group[] {
  const { sampling, replay } = recipe.training;
  const all = Int32Array.from(unitsOf(data).pairs.keys());
  if (!replay) return groupsAmong(data, recipe, all, sampling?.ratios);
  const { pairs } = unitsOf(data);
  const old = (unit: number) => data.sources?.[data.pairs.sample[pairs[unit]]] === replaySource;
  const own = groupsAmong(
    data,
    recipe,
    all.filter((unit) => !old(unit)),
    sampling?.ratios,
  );
  const sum = own.reduce((total, { share }) => total + share, 0);
  const share = (sum * replay.share) / (1 - replay.share);
  return share > 0 ? [...own, { name: replaySource, share, units: all.filter(old) }] : own;
}

/** The groups among some units. */
function groupsAmong(
  data: PreparedData,
  recipe: Recipe,
  among: Int32Array,
  ratios: Sampling['ratios'],
): Group[] {
  if (!ratios) return [{ name: '', share: 1, units: among }];
  const names = groupNames(data, recipe.encoders, ratios.by);
  const units = new Map<string, number[]>();
  for (const unit of among) {
    const name = names[unit];
    const group = units.get(name);
    if (group) group.push(unit);
    else units.set(name, [unit]);
  }
  for (const [group, share] of Object.entries(ratios.shares))
    if (share > 0 && !units.has(group)) throw new StudioError('sampling-empty', { group, share });
  const shareOf = (name: string) => (Object.hasOwn(ratios.shares, name) ? ratios.shares[name] : 1);
  const groups = [...units]
    .map(([name, list]) => ({ name, share: shareOf(name), units: Int32Array.from(list) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (groups.length === 0)
    throw new StudioError('recipe-invalid', {
      path: 'training.sampling.ratios.shares',
      message: 'every group has the share 0',
    });
  return groups;
}

function partsOf(data: PreparedData, recipe: Recipe, drawing: Drawing): Part[] {
  const key = JSON.stringify([
    recipe.seed,
    recipe.training.batch,
    recipe.training.sampling?.ratios,
    recipe.training.replay?.share,
    Object.keys(recipe.encoders),
  ]);
  const known = caches.get(data);
  const { pool, combinations } = drawing;
  if (known?.key === key && known.drawing.pool === pool && known.drawing.combinations === combinations)
    return known.parts;
  const groups = groupsOf(data, recipe);
  const whole = [{ name: '', rows: recipe.training.batch }];
  const names = combinations && groupNames(data, recipe.encoders, 'modalities');
  const byModalities = recipe.training.sampling?.ratios?.by === 'modalities';
  const parts = (combinations ?? whole).flatMap(({ name, rows }): Part[] => {
    const own = groups.flatMap((group) => {
      const units = names ? group.units.filter((unit) => names[unit] === name) : group.units;
      return units.length > 0 ? [{ ...group, units }] : [];
    });
    const sum = own.reduce((total, { share }) => total + share, 0);
    const count = own.reduce((total, { units }) => total + units.length, 0);
    const streams = own.map((group) => {
      const least = Math.ceil((rows * group.share) / sum);
      // Replayed samples are known already: a curriculum orders the run's own, which come first among the units.
      const ordered = pool && group.name !== replaySource;
      return { ...group, members: ordered ? pooled(group.units, pool, least) : group.units };
    });
    // A share of rows, whose batches are of different sizes.
    const weight = (names && byModalities ? sum : count) / rows;
    return own.length > 0 ? [{ name, rows, weight, streams }] : [];
  });
  if (parts.length === 0)
    throw new StudioError('sampling-empty', {
      group: combinations?.map(({ name }) => name).join(', ') ?? '',
      share: 1,
    });
  caches.set(data, { key, drawing, parts });
  return parts;
}

/** The first share of a group's units in the pool's order, and no fewer than a batch takes, where there are so many. */
function pooled(units: Int32Array, { order, share }: Pool, least: number): Int32Array {
  const own = new Set(units);
  const count = Math.min(units.length, Math.max(least, Math.ceil(share * units.length)));
  return order.filter((unit) => own.has(unit)).subarray(0, count);
}

/** The part whose turn a step is (all micro-batches of a step are of one), and how many steps it had before. */
function turn(parts: readonly Part[], step: number): { index: number; before: number[] } {
  if (parts.length === 1) return { index: 0, before: [step] };
  const weights = parts.map(({ weight }) => weight);
  const { rows, before } = apportion(weights, 1, step);
  return { index: rows.indexOf(1), before };
}

/**
 * The units of a micro-batch, in random order.
 * @param micro its number, 0-based
 * @throws StudioError `sampling-unknown`, `sampling-empty`, `recipe-invalid`
 */
export function drawUnits(data: PreparedData, recipe: Recipe, micro: number, drawing: Drawing): Draw[] {
  const { accumulate = 1 } = recipe.training;
  const parts = partsOf(data, recipe, drawing);
  const { index, before } = turn(parts, Math.floor(micro / accumulate));
  const { name: part, rows: size, streams } = parts[index];
  const since = drawing.pool?.since ?? 0;
  const shares = streams.map(({ share }) => share);
  // Micro-batches of the part before this one, and before the pool.
  const number = before[index] * accumulate + (micro % accumulate);
  const begun = turn(parts, since / accumulate).before[index] * accumulate;
  const skipped = apportion(shares, size, begun).before;
  const taken = apportion(shares, size, number);
  const drawn: Draw[] = [];
  for (const [at, stream] of streams.entries()) {
    const { name, members } = stream;
    for (let k = 0; k < taken.rows[at]; k++) {
      const place = taken.before[at] - skipped[at] + k;
      const epoch = Math.floor(place / members.length);
      const round = `${since} ${epoch}`;
      if (!stream.order || stream.round !== round) {
        stream.round = round;
        stream.order = random(recipe.seed, 'group', part, name, since, epoch).permutation(members.length);
      }
      drawn.push({ unit: members[stream.order[place % members.length]], round });
    }
  }
  const places = random(recipe.seed, 'rows', micro).permutation(drawn.length);
  return Array.from(places, (place) => drawn[place]);
}

/** Rows of each micro-batch of a step, 0-based. @throws StudioError as `drawUnits` */
export function rowsOfStep(data: PreparedData, recipe: Recipe, step: number, drawing: Drawing): number {
  if (!drawing.combinations) return recipe.training.batch;
  const parts = partsOf(data, recipe, drawing);
  return parts[turn(parts, step).index].rows;
}
