/** How modalities that learn at different speeds are kept in balance: each method with its sentence, its paper and its fields. */
import { defaults } from '../../core/fields.ts';
import { FieldsForm } from '../components/FieldsForm.tsx';
import { OptionCards } from '../components/OptionCards.tsx';
import { useT } from '../i18n/index.ts';
import { type Controlled, errorAt, setTraining } from './controlled.ts';
import css from './controls.module.css';
import { balanceMisfit } from './presets.ts';

export function BalanceControl(controlled: Controlled) {
  const t = useT();
  const { recipe, catalog, dataset } = controlled;
  const { balance = { type: 'none' } } = recipe.training;
  const misfit = balanceMisfit(recipe, dataset);
  const entry = catalog.balances.find(({ type }) => type === balance.type);
  const error = errorAt(controlled, 'training.balance');
  const put = (next: typeof balance) =>
    setTraining(controlled, { balance: next.type === 'none' ? undefined : next });
  return (
    <>
      <p className="small muted">{t('control.balance.help')}</p>
      {error && <p className={css.mistake}>{error}</p>}
      <OptionCards
        label={t('control.balance')}
        value={balance.type}
        options={catalog.balances.map(({ type, title, summary, source }) => ({
          value: type,
          title: t.pick(title),
          summary: t.pick(summary),
          source: source || undefined,
          misfit: misfit && type !== 'none' ? t(misfit) : undefined,
        }))}
        onChange={(type) => {
          const chosen = catalog.balances.find((one) => one.type === type);
          if (chosen) put({ type: chosen.type, ...defaults(chosen.fields) });
        }}
      />
      {entry && entry.fields.length > 0 && (
        <FieldsForm
          fields={entry.fields}
          values={balance}
          onChange={(key, value) => put({ ...balance, [key]: value })}
        />
      )}
    </>
  );
}
