/** One source of an import: what was recognized, the form that corrects it, its first rows, and what is wrong with it. */
import { ActionIcon, Alert, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { errorText } from '../../../core/errorTexts.ts';
import { FieldsForm } from '../../components/FieldsForm.tsx';
import { useT } from '../../i18n/index.ts';
import { type ChosenSource, chooseGuess, removeSource, setOption } from '../../state/importing.ts';
import css from './Data.module.css';
import { PreviewRows } from './PreviewRows.tsx';

interface Props {
  source: ChosenSource;
  /** Its place among several; undefined where it is the only one and needs no head. */
  place?: number;
}

export function SourceCard({ source: { plan, guess, options, preview, error }, place }: Props) {
  const t = useT();
  const { fields } = plan.guesses[guess];
  const body = (
    <>
      <div className={css.options}>
        <Select
          label={t('data.import.reader')}
          description={t('data.import.readerHelp')}
          value={String(guess)}
          data={plan.guesses.map((item, index) => ({ value: String(index), label: t.pick(item.title) }))}
          onChange={(value) => value !== null && void chooseGuess(plan.id, Number(value))}
        />
        {fields.length > 0 && (
          <FieldsForm
            fields={fields}
            values={options}
            onChange={(key, value) => void setOption(plan.id, key, value)}
          />
        )}
      </div>
      {error && (
        <Alert color="red" title={errorText(error.code, error.params, t.locale).title}>
          {errorText(error.code, error.params, t.locale).body}
        </Alert>
      )}
      {preview && <PreviewRows preview={preview} />}
    </>
  );
  if (place === undefined) return body;
  const title = `source-${plan.id}`;
  return (
    <section className={css.source} aria-labelledby={title}>
      <header className="row">
        <div className="grow" style={{ minWidth: 0 }}>
          <h3 id={title} className={css.sourceName}>
            {t('data.source.title', { place: place + 1, name: plan.name })}
          </h3>
          <p className="muted small">
            {t('data.import.found', { files: plan.files, bytes: t.bytes(plan.bytes) })}
          </p>
        </div>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('data.source.remove', { name: plan.name })}
          onClick={() => void removeSource(plan.id)}
        >
          <IconX size={16} />
        </ActionIcon>
      </header>
      {body}
    </section>
  );
}
