/** What was recognized: layout, its options, the first rows, and how pictures will be kept. All correctable. */
import { Button, ColorInput, NumberInput, Select } from '@mantine/core';
import { useStore } from 'zustand';
import type { StoreOptions } from '../../../workers/api.ts';
import { FieldsForm } from '../../components/FieldsForm.tsx';
import { useT } from '../../i18n/index.ts';
import { chooseGuess, forget, importing, runImport, setOption, setStore } from '../../state/importing.ts';
import css from './Data.module.css';
import { PreviewRows } from './PreviewRows.tsx';

export function Choosing() {
  const t = useT();
  const { plan, guess, options, preview, store } = useStore(importing);
  if (!plan) return null;
  const { fields } = plan.guesses[guess];
  return (
    <section className={`card ${css.choosing}`}>
      <header className="row wrap">
        <div className="grow">
          <h2>{t('data.import.title', { name: plan.name })}</h2>
          <p className="muted small">
            {t('data.import.found', { files: plan.files, bytes: t.bytes(plan.bytes) })}
          </p>
        </div>
        <Button variant="default" onClick={() => void forget()}>
          {t('common.cancel')}
        </Button>
        <Button onClick={() => void runImport()} disabled={!preview || preview.images === 0}>
          {t('data.import.button')}
        </Button>
      </header>
      <div className={css.options}>
        <Select
          label={t('data.import.reader')}
          description={t('data.import.readerHelp')}
          value={String(guess)}
          data={plan.guesses.map((item, index) => ({ value: String(index), label: t.pick(item.title) }))}
          onChange={(value) => value !== null && void chooseGuess(Number(value))}
        />
        {fields.length > 0 && (
          <FieldsForm
            fields={fields}
            values={options}
            onChange={(key, value) => void setOption(key, value)}
          />
        )}
      </div>
      {preview && <PreviewRows preview={preview} />}
      {(preview?.having.image ?? 0) > 0 && (
        <fieldset className={css.fieldset}>
          <legend>{t('data.import.store')}</legend>
          <NumberInput
            label={t('data.import.size')}
            description={t('data.import.sizeHelp')}
            value={store.size}
            min={16}
            max={512}
            step={16}
            onChange={(size) => typeof size === 'number' && setStore({ size })}
          />
          <Select
            label={t('data.import.fit')}
            value={store.fit}
            data={(['crop', 'pad', 'stretch'] as const).map((value) => ({
              value,
              label: t(`data.import.fit.${value}`),
            }))}
            onChange={(fit) => fit !== null && setStore({ fit: fit as StoreOptions['fit'] })}
          />
          <ColorInput
            label={t('data.import.background')}
            format="hex"
            value={store.background}
            onChange={(background) => /^#[0-9a-f]{6}$/i.test(background) && setStore({ background })}
          />
        </fieldset>
      )}
    </section>
  );
}
