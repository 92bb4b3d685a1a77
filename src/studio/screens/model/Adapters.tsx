/** Low-rank adapters: on which layers, how large, and how much of the model is then trained. */
import { ActionIcon, Autocomplete, Button, NumberInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { Adapter } from '../../../core/controls.ts';
import { partsOf } from '../../../core/parts.ts';
import { type Controlled, setTraining } from '../../controls/controlled.ts';
import css from '../../controls/controls.module.css';
import { trainedCount } from '../../controls/partGroups.ts';
import { useT } from '../../i18n/index.ts';

const usual = { rank: 8, alpha: 16 };

export function Adapters(controlled: Controlled) {
  const t = useT();
  const { recipe, sizes, errors = {} } = controlled;
  const { adapters = [], groups = [] } = recipe.training;
  const modalities = Object.keys(recipe.encoders);
  // Adapters stand beside layers, not beside themselves; temperatures are no layers.
  const offered = partsOf(
    sizes.filter(({ name }) => !name.includes('.adapter.')),
    modalities,
  ).filter(({ id, of }) => id !== 'other' && of !== 'other');
  const put = (next: Adapter[]) => setTraining(controlled, { adapters: next.length ? next : undefined });
  const edit = (at: number, values: Partial<Adapter>) =>
    put(adapters.with(at, { ...adapters[at], ...values }));
  const free = modalities.find((name) => !adapters.some(({ match }) => match === name)) ?? modalities[0];
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  return (
    <>
      <p className="small muted">{t('control.adapters.help')}</p>
      {[...adapters.entries()].map(([at, { match, rank, alpha }]) => (
        <div key={at} className={css.adapter}>
          <Autocomplete
            label={t('control.adapters.on')}
            value={match}
            data={offered.map(({ id }) => id)}
            error={errors[`training.adapters.${at}.match`]}
            maxLength={120}
            onChange={(next) => next && edit(at, { match: next })}
          />
          <NumberInput
            label={t('control.adapters.rank')}
            value={rank}
            min={1}
            max={256}
            allowDecimal={false}
            clampBehavior="blur"
            error={errors[`training.adapters.${at}.rank`]}
            onChange={(next) => typeof next === 'number' && next >= 1 && edit(at, { rank: next })}
          />
          <NumberInput
            label={t('control.adapters.alpha')}
            value={alpha}
            min={0.01}
            max={1024}
            clampBehavior="blur"
            error={errors[`training.adapters.${at}.alpha`]}
            onChange={(next) => typeof next === 'number' && next > 0 && edit(at, { alpha: next })}
          />
          <ActionIcon
            aria-label={t('control.adapters.remove', { part: match })}
            onClick={() => put(adapters.toSpliced(at, 1))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: 'start' }}
        leftSection={<IconPlus size={14} />}
        onClick={() => put([...adapters, { match: free, ...usual }])}
      >
        {t('control.adapters.add')}
      </Button>
      {total > 0 && (
        <p className="small">
          {t('control.adapters.trained', {
            trained: trainedCount(sizes, groups, modalities),
            total,
          })}
        </p>
      )}
    </>
  );
}
