/**
 * The settings of each parameter: learning rate, decay, freezing, bounds. Groups name parameters by modality, block or pattern; where they
 * overlap the later one counts. Layer decay gives early layers of an encoder smaller rates (Clark et al. 2020, ELECTRA, arXiv 2003.10555),
 * numbered as in timm: embeddings 0, blocks 1 … n, what follows them n + 1 and untouched.
 */
import { StudioError } from '../core/errors.ts';
import { matches } from '../core/pattern.ts';
import type { Recipe } from '../core/recipe.ts';
import type { ParameterLayout } from '../engine/compile/layout.ts';
import type { ParameterGroup } from '../engine/executor.ts';
import { blockOf, modalityOf } from './blocks.ts';

const noBound = 3e38;

/** Whether a pattern means a parameter: itself, its block, its modality, or the part of the model it belongs to (`heads`, `other`). */
export const means = (pattern: string, parameter: string, modalities: readonly string[]): boolean =>
  pattern === modalityOf(blockOf(parameter), modalities) || matches(pattern, parameter);

/** Factor of the learning rate by layer decay; 1 outside of encoders that have blocks. */
function layerFactors(
  layout: ParameterLayout,
  modalities: readonly string[],
  decay: number,
): Map<string, number> {
  const factors = new Map<string, number>();
  if (decay === 1) return factors;
  for (const modality of modalities) {
    const names = layout.entries.map(({ name }) => name).filter((name) => name.startsWith(`${modality}.`));
    const numberOf = (name: string) => {
      const [, second, third] = name.split('.');
      return second === 'blocks' ? Number(third) : undefined;
    };
    const blocks = new Set(names.flatMap((name) => numberOf(name) ?? []));
    if (blocks.size === 0) continue;
    const first = names.findIndex((name) => numberOf(name) !== undefined);
    for (const [place, name] of names.entries()) {
      const block = numberOf(name);
      const layer = block !== undefined ? block + 1 : place < first ? 0 : blocks.size + 1;
      factors.set(name, decay ** (blocks.size + 1 - layer));
    }
  }
  return factors;
}

/**
 * @param recipe as it holds, without stages (core/stages.ts)
 * @param weightDecay of the optimizer
 * @throws StudioError `recipe-invalid` for a group that means nothing of this model
 */
export function groupsOf(
  recipe: Recipe,
  layout: ParameterLayout,
  weightDecay: number,
): (parameter: string) => ParameterGroup {
  const { groups = [], layerDecay = 1 } = recipe.training;
  const modalities = Object.keys(recipe.encoders);
  for (const [index, { match }] of groups.entries())
    if (!layout.entries.some(({ name }) => means(match, name, modalities)))
      throw new StudioError('recipe-invalid', {
        path: `training.groups.${index}.match`,
        message: `“${match}” means no parameter; ${[...new Set(layout.entries.map(({ name }) => modalityOf(blockOf(name), modalities)))].join(', ')} do, or a block such as ${blockOf(layout.entries[0].name)}`,
      });
  const factors = layerFactors(layout, modalities, layerDecay);
  const known = new Map<string, ParameterGroup>();
  return (name) => {
    const found = known.get(name);
    if (found) return found;
    const { decay, clamp, follow } = layout.byName.get(name)!;
    const [low, high] = clamp ?? [-noBound, noBound];
    const made: ParameterGroup = {
      rateFactor: factors.get(name) ?? 1,
      weightDecay: decay ? weightDecay : 0,
      low,
      high,
      follow,
    };
    const own = groups.filter(({ match }) => means(match, name, modalities));
    const last = <K extends 'rate' | 'weightDecay' | 'freeze'>(key: K) =>
      own.findLast((group) => group[key] !== undefined)?.[key];
    made.rateFactor *= last('freeze') ? 0 : (last('rate') ?? 1);
    if (decay) made.weightDecay = last('weightDecay') ?? made.weightDecay;
    known.set(name, made);
    return made;
  };
}
