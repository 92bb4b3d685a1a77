/** One cleaning rule: on or off, its place, what it leaves out with examples, and its settings. */
import { ActionIcon, Switch } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconSettings } from '@tabler/icons-react';
import { useState } from 'react';
import type { Cleaning, DatasetSummary, RuleEntry, RuleReport } from '../../../../workers/api.ts';
import { FieldsForm } from '../../../components/FieldsForm.tsx';
import { useT } from '../../../i18n/index.ts';
import { moveRule, setRuleField, switchRule } from '../../../state/cleaning.ts';
import css from './Cleaning.module.css';
import { Examples } from './Examples.tsx';

interface Props {
  dataset: DatasetSummary;
  entry: RuleEntry;
  rule: Cleaning['rules'][number];
  first: boolean;
  last: boolean;
  /** What it left out, where it is on. */
  did?: RuleReport;
  /** What it would leave out by itself. */
  would?: RuleReport;
}

export function RuleRow({ dataset, entry, rule, first, last, did, would }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const on = !rule.off;
  const name = t.pick(entry.title);
  const shown = on ? did : would;
  return (
    <li className={css.rule} data-on={on}>
      <div className="row" style={{ gap: 8 }}>
        <Switch
          size="sm"
          checked={on}
          aria-label={t('clean.on', { name })}
          onChange={(event) => switchRule(entry.type, event.currentTarget.checked)}
        />
        <button type="button" className={css.name} aria-expanded={open} onClick={() => setOpen(!open)}>
          {name}
        </button>
        {shown && (
          <span className="small number" data-none={shown.dropped === 0}>
            {shown.lacks
              ? t('clean.unknown')
              : t(on ? 'clean.dropped' : 'clean.would', { dropped: shown.dropped, judged: shown.judged })}
          </span>
        )}
        <span className={css.tools}>
          <ActionIcon
            size={26}
            aria-label={t('clean.settings', { name })}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <IconSettings size={15} />
          </ActionIcon>
          <ActionIcon
            size={26}
            aria-label={t('clean.up', { name })}
            disabled={first}
            onClick={() => moveRule(entry.type, -1)}
          >
            <IconArrowUp size={15} />
          </ActionIcon>
          <ActionIcon
            size={26}
            aria-label={t('clean.down', { name })}
            disabled={last}
            onClick={() => moveRule(entry.type, 1)}
          >
            <IconArrowDown size={15} />
          </ActionIcon>
        </span>
      </div>
      {open && (
        <div className={css.settings}>
          <p className="small muted">{t.pick(entry.summary)}</p>
          {entry.fields.length > 0 && (
            <FieldsForm
              fields={entry.fields}
              values={rule}
              onChange={(key, value) => setRuleField(entry.type, key, value)}
            />
          )}
        </div>
      )}
      {shown?.lacks && <p className="small muted">{t.pick(shown.lacks)}</p>}
      {shown && shown.examples.length > 0 && (
        <Examples dataset={dataset} examples={shown.examples} measure={entry.measure} decide={on} />
      )}
    </li>
  );
}
