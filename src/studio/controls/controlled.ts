/** What the controls of training share: the recipe as it holds, how it is set, and what they choose from. The same ones change a running session and plan a stage. */
import type { StudioError } from '../../core/errors.ts';
import { errorText } from '../../core/errorTexts.ts';
import type { ParameterSize } from '../../core/parts.ts';
import type { Recipe } from '../../core/recipe.ts';
import type { Catalog, DatasetSummary } from '../../workers/api.ts';
import type { Translate } from '../i18n/index.ts';

export interface Controlled {
  /** Without stages. */
  recipe: Recipe;
  set(next: Recipe): void;
  catalog: Catalog;
  /** Of the model; empty while unknown. */
  sizes: readonly ParameterSize[];
  dataset?: DatasetSummary;
  /** Steps done when a setting made here begins to hold; 0 where absent. */
  from?(): number;
  /** What is wrong, by its path in the recipe. */
  errors?: Readonly<Record<string, string>>;
}

type Training = Recipe['training'];

export const setTraining = ({ recipe, set }: Controlled, values: Partial<Training>): void => {
  const training = { ...recipe.training, ...values };
  set({
    ...recipe,
    training: Object.fromEntries(
      Object.entries(training).filter(([, value]) => value !== undefined),
    ) as Training,
  });
};

/** What is wrong at a path or inside it. */
export const errorAt = ({ errors = {} }: Pick<Controlled, 'errors'>, path: string): string | undefined =>
  Object.entries(errors).find(([place]) => place === path || place.startsWith(`${path}.`))?.[1];

/** A refused change at the path that it names. */
export function errorsOf(t: Translate, error: StudioError | undefined): Record<string, string> {
  if (!error) return {};
  const { path, message } = error.params;
  const text = message === undefined ? errorText(error.code, error.params, t.locale).body : String(message);
  return { [String(path ?? 'training')]: text };
}
