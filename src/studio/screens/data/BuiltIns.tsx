/** The built-in data sets: what each is for, its options as a form, and the button that draws it. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { defaults, type FieldValues } from '../../../core/fields.ts';
import type { BuiltInEntry } from '../../../workers/api.ts';
import { reportError } from '../../app/report.tsx';
import { FieldsForm } from '../../components/FieldsForm.tsx';
import { Modalities } from '../../components/Modalities.tsx';
import { useT } from '../../i18n/index.ts';
import { datasets, loadBuiltIns } from '../../state/datasets.ts';
import { makeBuiltIn, sampleSet } from '../../state/sampleSet.ts';
import css from './Data.module.css';

/** Closed at first where there are data sets to look at. */
export function BuiltIns({ closed }: { closed: boolean }) {
  const t = useT();
  const [open, setOpen] = useState(!closed);
  const { builtIns } = useStore(datasets);
  useEffect(() => {
    loadBuiltIns().catch(reportError);
  }, []);
  return (
    <section className="stack" style={{ gap: 10 }}>
      <div className="row wrap">
        <div className="grow" style={{ minWidth: 220 }}>
          <h2>{t('data.builtIns')}</h2>
          <p className="muted small">{t('data.builtIns.lead')}</p>
        </div>
        <Button variant="default" size="compact-sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'common.less' : 'common.more')}
        </Button>
      </div>
      {open && (
        <ul className={css.builtIns}>
          {builtIns.map((entry) => (
            <BuiltIn key={entry.name} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  );
}

function BuiltIn({ entry }: { entry: BuiltInEntry }) {
  const t = useT();
  const { busy } = useStore(sampleSet);
  const [options, setOptions] = useState<FieldValues>(() => defaults(entry.fields));
  const [open, setOpen] = useState(false);
  const name = t.pick(entry.title);
  return (
    <li className={`card ${css.builtIn}`} data-open={open}>
      <h3>{name}</h3>
      <p className="small grow">{t.pick(entry.summary)}</p>
      <Modalities of={entry.modalities} />
      {open && (
        <FieldsForm
          fields={entry.fields}
          values={options}
          onChange={(key, value) => setOptions({ ...options, [key]: value })}
        />
      )}
      <div className="row">
        <Button
          size="compact-sm"
          variant="default"
          disabled={busy}
          aria-label={t('data.builtIns.makeNamed', { name })}
          onClick={() => void makeBuiltIn(entry.name, options)}
        >
          {t('data.builtIns.make')}
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          aria-expanded={open}
          aria-label={t('data.builtIns.optionsNamed', { name })}
          onClick={() => setOpen(!open)}
        >
          {t('data.builtIns.options')}
        </Button>
      </div>
    </li>
  );
}
