/** Settings that people reach for together, one press each; what cannot be had says why. */
import { Button, Tooltip } from '@mantine/core';
import { partsOf } from '../../core/parts.ts';
import type { Recipe } from '../../core/recipe.ts';
import { useT } from '../i18n/index.ts';
import type { Controlled } from './controlled.ts';
import { allAlike, balanced, balanceMisfit, headsOnly, ratesByModality } from './presets.ts';

export function Presets({ recipe, set, catalog, sizes, dataset }: Controlled) {
  const t = useT();
  const parts = partsOf(sizes, Object.keys(recipe.encoders));
  const misfit = balanceMisfit(recipe, dataset);
  const list: { title: string; made?: Recipe; why?: string }[] = [
    {
      title: t('control.preset.rates'),
      made: ratesByModality(recipe, parts),
      why: t('control.preset.ratesMisfit'),
    },
    {
      title: t('control.preset.heads'),
      made: headsOnly(recipe, parts),
      why: t('control.preset.headsMisfit'),
    },
    {
      title: t('control.preset.balance'),
      made: misfit ? undefined : balanced(recipe, catalog),
      why: misfit && t(misfit),
    },
    { title: t('control.preset.alike'), made: allAlike(recipe) },
  ];
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend className="sr-only">{t('control.presets')}</legend>
      <div className="row wrap" style={{ gap: 6 }}>
        {list.map(({ title, made, why }) => (
          <Tooltip key={title} label={why} disabled={made !== undefined}>
            <Button
              size="compact-xs"
              variant="default"
              data-disabled={made === undefined || undefined}
              aria-disabled={made === undefined}
              aria-description={made === undefined ? why : undefined}
              onClick={() => made && set(made)}
            >
              {title}
            </Button>
          </Tooltip>
        ))}
      </div>
    </fieldset>
  );
}
