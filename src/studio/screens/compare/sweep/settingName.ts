/** Settings of a recipe by path, and what each is called among the others. */
import { useMemo } from 'react';
import type { Recipe } from '../../../../core/recipe.ts';
import type { Catalog } from '../../../../workers/api.ts';
import type { Translate } from '../../../i18n/index.ts';
import { type Setting, settingsOf } from '../../model/recipeSettings.ts';
import { fittingFusions } from '../fitting.ts';

export function useSettings(recipe: Recipe | undefined, catalog: Catalog | undefined): Setting[] {
  return useMemo(
    () => (recipe && catalog ? settingsOf(recipe, catalog, fittingFusions(recipe, catalog)) : []),
    [recipe, catalog],
  );
}

/** `Width (Encoder image)`; the label alone for what is named as its part. */
export function settingName(
  t: Pick<Translate, 'locale' | 'pick'>,
  settings: readonly Setting[],
  path: string,
): string {
  const setting = settings.find((one) => one.path === path);
  if (!setting) return path;
  const [label, part] = [t.pick(setting.field.label), t.pick(setting.part)];
  const alone = settings.filter(({ field }) => t.pick(field.label) === label).length === 1;
  if (alone || label === part) return label;
  return t.locale === 'zh' ? `${label}（${part}）` : `${label} (${part})`;
}
