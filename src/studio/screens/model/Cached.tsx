/** Contrast over all batches of a step that accumulates: what it gives and costs, or why it would change nothing. */
import { Switch } from '@mantine/core';
import { pairsPerStep, type Recipe } from '../../../core/recipe.ts';
import { useT } from '../../i18n/index.ts';
import { setAt } from './editing.ts';

/** @param useful steps accumulate and something is contrasted */
export function Cached({ recipe, useful }: { recipe: Recipe; useful: boolean }) {
  const t = useT();
  const { cached = false, batch } = recipe.training;
  return (
    <Switch
      label={t('control.cached')}
      description={
        useful ? t('control.cached.help', { count: pairsPerStep(recipe), batch }) : t('control.cached.idle')
      }
      checked={cached}
      disabled={!useful && !cached}
      onChange={(event) => setAt(recipe, ['training', 'cached'], event.currentTarget.checked || undefined)}
    />
  );
}
