/**
 * What a micro-batch draws where the recipe says more than “samples in turn”: ratios between groups of samples, and a curriculum's pool. Each group has an
 * endless stream of its own, one seeded permutation after another, and a micro-batch takes from it as many rows as `apportion` gives it: so every sample of a
 * group is drawn once before any is drawn again, and a resumed run draws what an uninterrupted one does. A pool restricts every group to its easiest share,
 * and the streams begin anew where the pool changes.
 */
import type { Sampling } from '../core/controls.ts';
import { StudioError } from '../core/errors.ts';
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import { apportion } from './apportion.ts';
import { modalities } from './dataset.ts';
import type { PreparedData } from './prepared.ts';
import { unitsOf } from './units.ts';

type By = NonNullable<Sampling['ratios']>['by'];

/** Units (data/units.ts) that a curriculum draws from. Two pools are the same object or different ones. */
export interface Pool {
  /** The micro-batch from which it holds. */
  since: number;
  /** Every unit, those that come first at the beginning. */
  order: Int32Array;
  /** How many of each group are drawn from, 0 … 1. */
  share: number;
}

/** A group with a share, and the units in it, ascending. */
export interface Group {
  name: string;
  share: number;
  units: Int32Array;
}

/** A unit, and which time its stream comes round, by a name: another time, another caption. */
export interface Draw {
  unit: number;
  round: string;
}

/** Of samples that lack what the others are told apart by. */
export const unnamed = 'none';

/** The name of each unit's group. @throws StudioError `sampling-unknown` where the data does not tell */
export function groupNames(data: PreparedData, encoders: Recipe['encoders'], by: By): string[] {
  const { pairs } = unitsOf(data);
  const { sources, target, present, having = ['image', 'text'] } = data;
  const sampleOf = (pair: number) => data.pairs.sample[pair];
  if (by === 'source') {
    if (!sources) throw new StudioError('sampling-unknown', { by });
    return Array.from(pairs, (pair) => sources[sampleOf(pair)]);
  }
  if (by === 'class') {
    if (target?.kind !== 'class') throw new StudioError('sampling-unknown', { by });
    return Array.from(pairs, (pair) => target.classes[target.values[pair]] ?? unnamed);
  }
  const read = modalities.filter((name) => encoders[name] && having.includes(name));
  return Array.from(pairs, (pair) => {
    const own = read.filter((name) => present?.[name]?.[name === 'text' ? pair : sampleOf(pair)] !== 0);
    return own.join('+') || unnamed;
  });
}

/** How many units each group has; the largest first. @throws StudioError `sampling-unknown` */
export function countGroups(
  data: PreparedData,
  encoders: Recipe['encoders'],
  by: By,
): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const name of groupNames(data, encoders, by)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

interface Cache {
  key: string;
  groups: Group[];
  pool?: Pool;
  /** The units of each group that are drawn from. */
  members: Int32Array[];
  /** The latest order of each group. */
  orders: { round?: string; units: Uint32Array }[];
}

const caches = new WeakMap<PreparedData, Cache>();

/**
 * The groups that are drawn from, by name; one of all units where there are no ratios. A group that is not named has the share 1.
 * @throws StudioError `sampling-unknown`, `sampling-empty` naming a group that has a share and no samples, `recipe-invalid` where all shares are 0
 */
export function groupsOf(data: PreparedData, recipe: Recipe): Group[] {
  const { ratios } = recipe.training.sampling ?? {};
  if (!ratios) return [{ name: '', share: 1, units: Int32Array.from(unitsOf(data).pairs.keys()) }];
  const names = groupNames(data, recipe.encoders, ratios.by);
  const units = new Map<string, number[]>();
  for (const [unit, name] of names.entries()) {
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

function cacheOf(data: PreparedData, recipe: Recipe, pool?: Pool): Cache {
  const key = JSON.stringify([
    recipe.seed,
    recipe.training.batch,
    recipe.training.sampling?.ratios,
    Object.keys(recipe.encoders),
  ]);
  const known = caches.get(data);
  if (known?.key === key && known.pool === pool) return known;
  const groups = known?.key === key ? known.groups : groupsOf(data, recipe);
  const sum = groups.reduce((total, { share }) => total + share, 0);
  const members = groups.map(({ units, share }) =>
    pool ? pooled(units, pool, Math.ceil((recipe.training.batch * share) / sum)) : units,
  );
  const cache = { key, groups, pool, members, orders: groups.map(() => ({ units: new Uint32Array() })) };
  caches.set(data, cache);
  return cache;
}

/** The first share of a group's units in the pool's order, and no fewer than a batch takes, where there are so many. */
function pooled(units: Int32Array, { order, share }: Pool, least: number): Int32Array {
  const own = new Set(units);
  const count = Math.min(units.length, Math.max(least, Math.ceil(share * units.length)));
  return order.filter((unit) => own.has(unit)).subarray(0, count);
}

/**
 * The units of a micro-batch, in random order.
 * @param micro its number, 0-based
 * @throws StudioError as `groupsOf`
 */
export function drawUnits(data: PreparedData, recipe: Recipe, micro: number, pool?: Pool): Draw[] {
  const { seed, training } = recipe;
  const { groups, members, orders } = cacheOf(data, recipe, pool);
  const shares = groups.map(({ share }) => share);
  const since = pool?.since ?? 0;
  const skipped = apportion(shares, training.batch, since).before;
  const { rows, before } = apportion(shares, training.batch, micro);
  const drawn: Draw[] = [];
  for (const [index, { name }] of groups.entries()) {
    const units = members[index];
    for (let k = 0; k < rows[index]; k++) {
      const place = before[index] - skipped[index] + k;
      const epoch = Math.floor(place / units.length);
      const round = `${since} ${epoch}`;
      const order = orders[index];
      if (order.round !== round) {
        order.round = round;
        order.units = random(seed, 'group', name, since, epoch).permutation(units.length);
      }
      drawn.push({ unit: units[order.units[place % units.length]], round });
    }
  }
  const places = random(seed, 'rows', micro).permutation(drawn.length);
  return Array.from(places, (place) => drawn[place]);
}
