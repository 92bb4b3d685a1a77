/**
 * What fits what: which fusions take the encoders and objectives at hand, which objectives the data and the fusion allow, which shipped
 * recipes are for a data set. The engine checks the same again (models/build.ts); here it is said before anything is chosen.
 */
import { defaults } from '../../../core/fields.ts';
import type { Recipe } from '../../../core/recipe.ts';
import type { Catalog, CatalogEntry, DatasetSummary } from '../../../workers/api.ts';
import type { TextKey } from '../../i18n/index.ts';
import { modalitiesOf } from '../../state/datasets.ts';

/** A sentence: its key, and its parameters; `modality` and `objective` are still to be named in the language in force. */
export interface Misfit {
  key: TextKey;
  count?: number;
  modality?: string;
  objective?: CatalogEntry;
}

/** The one fusion that makes no joint vector. */
const withoutJoint = 'two-tower';

export function fusionMisfit(
  { type, arity, needs }: CatalogEntry,
  { encoders, objectives }: Recipe,
  catalog: Catalog,
): Misfit | undefined {
  const count = Object.keys(encoders).length;
  if (arity && count < arity.least) return { key: 'model.fits.least', count: arity.least };
  if (arity && count > arity.most) return { key: 'model.fits.most', count: arity.most };
  if (needs && !encoders[needs]) return { key: 'model.fits.needs', modality: needs };
  if (type !== withoutJoint) return undefined;
  const wanting = objectives
    .map((part) => catalog.objectives.find((one) => one.type === part.type))
    .find((entry) => entry?.wants?.joint);
  return wanting && { key: 'model.fits.joint', objective: wanting };
}

export function objectiveMisfit(
  { wants = {} }: CatalogEntry,
  { encoders, fusion }: Pick<Recipe, 'encoders' | 'fusion'>,
  catalog: Catalog,
  dataset?: DatasetSummary,
): Misfit | undefined {
  const lacked = wants.modalities?.find((modality) => !encoders[modality]);
  if (lacked) return { key: 'model.fits.needs', modality: lacked };
  const pictures = catalog.encoders.find(({ type }) => type === encoders['image']?.type);
  if (wants.patches && !pictures?.patches) return { key: 'model.fits.patches' };
  if (Object.keys(encoders).length < (wants.least ?? 1))
    return { key: 'model.fits.least', count: wants.least };
  if (wants.joint && fusion.type === withoutJoint) return { key: 'model.fits.noJoint' };
  if (!dataset) return undefined;
  const missing = wants.data?.find((modality) => !modalitiesOf(dataset).includes(modality));
  if (missing) return { key: 'model.fits.data', modality: missing };
  const { target } = wants;
  if (target && !(dataset.target && target.includes(dataset.target.kind)))
    return { key: `model.fits.target.${target[0]}` };
  return undefined;
}

/** Whether a recipe can be trained on a data set as it is. */
export function recipeFits(recipe: Recipe, dataset: DatasetSummary, catalog: Catalog): boolean {
  const having = modalitiesOf(dataset);
  return (
    Object.keys(recipe.encoders).every((modality) => having.includes(modality)) &&
    recipe.objectives.every(({ type }) => {
      const entry = catalog.objectives.find((one) => one.type === type);
      return entry !== undefined && objectiveMisfit(entry, recipe, catalog, dataset) === undefined;
    })
  );
}

/** A part of another type, which takes over what both have and it allows (width, depth, heads). */
export function replaced(
  entry: CatalogEntry,
  before: Record<string, unknown> = {},
): { type: string; [key: string]: unknown } {
  const part: { type: string; [key: string]: unknown } = { type: entry.type, ...defaults(entry.fields) };
  for (const field of entry.fields) {
    const value = before[field.key];
    const fits =
      field.kind === 'choice'
        ? field.choices.some((choice) => choice.value === value)
        : field.kind === 'switch'
          ? typeof value === 'boolean'
          : (field.kind === 'integer' || field.kind === 'number') &&
            typeof value === 'number' &&
            value >= field.min &&
            value <= field.max;
    if (fits) part[field.key] = value;
  }
  return part;
}
