/** Settings that people reach for together; each gives the recipe with them, or says why it cannot. */
import { defaults } from '../../core/fields.ts';
import type { Part } from '../../core/parts.ts';
import type { Recipe } from '../../core/recipe.ts';
import type { Catalog, DatasetSummary } from '../../workers/api.ts';
import type { TextKey } from '../i18n/index.ts';
import { withSetting } from './partGroups.ts';

/** Rates that are common for fine-tuning towers together. */
const rates: Record<string, number> = { text: 0.001, image: 0.0005 };

const training = (recipe: Recipe, values: Partial<Recipe['training']>): Recipe => ({
  ...recipe,
  training: { ...recipe.training, ...values },
});

/** Text at 0.001 and pictures at 0.0005, as factors of the base rate. */
export function ratesByModality(recipe: Recipe, parts: readonly Part[]): Recipe | undefined {
  if (!recipe.encoders['text'] || !recipe.encoders['image']) return undefined;
  const { optimizer, groups = [] } = recipe.training;
  const base = Number(optimizer['rate']) || rates['text'];
  const next = Object.entries(rates).reduce(
    (list, [id, rate]) => withSetting(list, parts, { id }, { rate: Number((rate / base).toPrecision(6)) }),
    groups,
  );
  return training(recipe, { groups: next, optimizer: { ...optimizer, rate: base } });
}

/** Encoders frozen, and the fusion where heads are left to be trained; nothing where nothing would be left. */
export function headsOnly(recipe: Recipe, parts: readonly Part[]): Recipe | undefined {
  const has = (id: string) => parts.some((part) => part.id === id);
  if (!has('heads') && !has('fusion')) return undefined;
  const frozen = [...Object.keys(recipe.encoders), ...(has('heads') && has('fusion') ? ['fusion'] : [])];
  const groups = frozen.reduce(
    (list, id) => withSetting(list, parts, { id }, { freeze: true }),
    recipe.training.groups ?? [],
  );
  return training(recipe, { groups });
}

/** Why modalities cannot be balanced here, if so. */
export function balanceMisfit(recipe: Recipe, dataset?: DatasetSummary): TextKey | undefined {
  if (Object.keys(recipe.encoders).length < 2) return 'control.balance.two';
  if (dataset && dataset.target?.kind !== 'class') return 'model.fits.target.class';
  return undefined;
}

/** The method that needs no second estimate. */
export function balanced(recipe: Recipe, { balances }: Pick<Catalog, 'balances'>): Recipe {
  const entry = balances.find(({ type }) => type === 'ogm-ge') ?? balances[0];
  return training(recipe, { balance: { type: entry.type, ...defaults(entry.fields) } });
}

/** Everything trained at one rate. */
export const allAlike = (recipe: Recipe): Recipe => training(recipe, { groups: [], layerDecay: 1 });
