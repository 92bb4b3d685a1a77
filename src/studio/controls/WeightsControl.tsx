/** How much each objective counts. */
import { NumberInput } from '@mantine/core';
import { useT } from '../i18n/index.ts';
import { type Controlled, errorAt } from './controlled.ts';
import css from './controls.module.css';

export function WeightsControl(controlled: Controlled) {
  const t = useT();
  const { recipe, set, catalog } = controlled;
  const seen = new Map<string, number>();
  const idOf = (type: string) => {
    const nth = (seen.get(type) ?? 0) + 1;
    seen.set(type, nth);
    return `${type}-${nth}`;
  };
  return (
    <div className={css.pair}>
      {recipe.objectives.map((part, index) => {
        const entry = catalog.objectives.find(({ type }) => type === part.type);
        const field = entry?.fields.find(({ key }) => key === 'weight');
        if (!entry || field?.kind !== 'number') return null;
        const title = t.pick(entry.title);
        return (
          <NumberInput
            key={idOf(part.type)}
            label={title}
            aria-label={t('control.weight.of', { title })}
            error={errorAt(controlled, `objectives.${index}`)}
            value={Number(part['weight'] ?? field.default)}
            min={field.min}
            max={field.max}
            step={0.1}
            clampBehavior="blur"
            onChange={(weight) =>
              typeof weight === 'number' &&
              set({ ...recipe, objectives: recipe.objectives.with(index, { ...part, weight }) })
            }
          />
        );
      })}
    </div>
  );
}
