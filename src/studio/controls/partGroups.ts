/** Groups of settings as a table of parts edits them: a row a part, which says only what differs from the part that it belongs to. */
import type { ParameterSetting } from '../../core/controls.ts';
import { means, type ParameterSize, type Part } from '../../core/parts.ts';

export interface Setting {
  freeze?: boolean;
  /** Times the learning rate. */
  rate?: number;
  weightDecay?: number;
}

/** What the groups say of a part by its own name. */
export function ownSetting(groups: readonly ParameterSetting[], match: string): Setting {
  const { match: _, ...own } = Object.assign(
    { match },
    ...groups.filter((group) => group.match === match),
  ) as ParameterSetting;
  return own;
}

/** What holds for a part: its own, else what its modality says, else nothing. */
export function settingInForce(
  groups: readonly ParameterSetting[],
  { id, of }: Pick<Part, 'id' | 'of'>,
): Setting {
  return { ...(of && ownSetting(groups, of)), ...ownSetting(groups, id) };
}

/**
 * The groups with one setting of a part changed, `undefined` to leave it to others. Parts stand before their blocks, since the later one counts; patterns
 * that name no part stay last, as they are.
 */
export function withSetting(
  groups: readonly ParameterSetting[],
  parts: readonly Part[],
  { id, of }: Pick<Part, 'id' | 'of'>,
  changed: Setting,
): ParameterSetting[] {
  const own: Setting = { ...ownSetting(groups, id), ...changed };
  const above = of ? ownSetting(groups, of) : {};
  // What says the same as saying nothing is not said.
  if ((own.freeze ?? false) === (above.freeze ?? false)) delete own.freeze;
  if (own.rate === (above.rate ?? 1)) delete own.rate;
  if (own.weightDecay === above.weightDecay) delete own.weightDecay;
  const said = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const others = groups.filter(({ match }) => match !== id);
  const next = Object.keys(said).length > 0 ? [...others, { match: id, ...said }] : others;
  const places = new Map(parts.map((part, place) => [part.id, place]));
  const order = ({ match }: ParameterSetting) => places.get(match) ?? parts.length;
  return next
    .map((group, at) => ({ group, at }))
    .sort((a, b) => order(a.group) - order(b.group) || a.at - b.at)
    .map(({ group }) => group);
}

/** Numbers that gradients change: those that learn and no group freezes. */
export const trainedCount = (
  sizes: readonly ParameterSize[],
  groups: readonly ParameterSetting[],
  modalities: readonly string[],
): number =>
  sizes.reduce((sum, { name, size, trained }) => {
    const frozen = groups.findLast(
      ({ match, freeze }) => freeze !== undefined && means(match, name, modalities),
    )?.freeze;
    return sum + (trained && !frozen ? size : 0);
  }, 0);
