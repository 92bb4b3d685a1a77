/** How the data is divided: the way, its shares, what groups are, and bars of what results on the chosen data. */
import { Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { asStudioError } from '../../../core/errors.ts';
import { errorText } from '../../../core/errorTexts.ts';
import type { Divided, Split } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { FieldsForm } from '../../components/FieldsForm.tsx';
import { useT } from '../../i18n/index.ts';
import { type Editing, setAt } from './editing.ts';
import { splitFields } from './frameFields.ts';
import { problemsIn } from './problems.ts';
import css from './SplitForm.module.css';

const path = ['data', 'split'];
const kinds = ['source', 'column', 'pattern'] as const;
const parts = ['train', 'validation', 'test'] as const;
/** Classes that are shown; the rest is counted. */
const most = 12;

export function SplitForm({ recipe, dataset, problems }: Editing) {
  const t = useT();
  const { split } = recipe.data;
  const { errors } = problemsIn(problems, path.join('.'), [...splitFields.map(({ key }) => key), 'pattern']);
  const set = (key: string, value: unknown) => setAt(recipe, [...path, key], value);
  // A category is kept as a column of 0 and 1 for each of its values.
  const columns = [...new Set((dataset?.table?.columns ?? []).map((name) => name.split('=')[0]))];
  return (
    <div className={css.form}>
      <FieldsForm fields={splitFields} values={split} errors={errors} onChange={set} />
      {split.by === 'group' && (
        <div className={css.groups}>
          <Select
            label={t('split.groups')}
            description={t('split.groups.help')}
            inputWrapperOrder={['label', 'input', 'description']}
            value={split.groups ?? 'source'}
            data={kinds.map((value) => ({
              value,
              label: t(`split.groups.${value}`),
              disabled: value === 'column' && columns.length === 0 && split.groups !== value,
            }))}
            onChange={(value) => {
              const kind = kinds.find((one) => one === value);
              if (!kind) return;
              const { column, pattern, ...rest } = split;
              setAt(recipe, path, {
                ...rest,
                groups: kind,
                ...(kind === 'column' && { column: column ?? columns[0] }),
                ...(kind === 'pattern' && { pattern: pattern ?? '^(.+?)_' }),
              });
            }}
          />
          {split.groups === 'column' && (
            <Select
              label={t('split.column')}
              value={split.column ?? null}
              data={columns}
              onChange={(value) => value !== null && set('column', value)}
            />
          )}
          {split.groups === 'pattern' && (
            <TextInput
              label={t('split.pattern')}
              description={t('split.pattern.help')}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
              value={split.pattern ?? ''}
              maxLength={200}
              error={errors['pattern'] && t('split.pattern.bad')}
              onChange={(event) => set('pattern', event.currentTarget.value)}
            />
          )}
        </div>
      )}
      {dataset ? (
        <Result dataset={dataset.id} split={split} />
      ) : (
        <p className="small muted">{t('split.noData')}</p>
      )}
    </div>
  );
}

function Result({ dataset, split }: { dataset: string; split: Editing['recipe']['data']['split'] }) {
  const t = useT();
  const [shown, setShown] = useState<{ divided?: Divided; wrong?: unknown }>({});
  useEffect(() => {
    let current = true;
    api()
      .data.divide(dataset, split)
      .then(
        (divided) => current && setShown({ divided }),
        (wrong: unknown) => current && setShown({ wrong }),
      );
    return () => {
      current = false;
    };
  }, [dataset, split]);
  if (shown.wrong) {
    const { code, params } = asStudioError(shown.wrong);
    const { body, action } = errorText(code, params, t.locale);
    return (
      <p className={css.wrong} role="alert">
        {body} {action}
      </p>
    );
  }
  if (!shown.divided) return null;
  const { samples, classes } = shown.divided;
  return (
    <div className={css.result}>
      <strong className="small">{t('split.result')}</strong>
      <Bar counts={samples} label={t('split.result')} />
      <p className="small muted">
        {parts
          .filter((part) => samples[part] > 0)
          .map((part) => `${t(`split.${part}`)} ${t.count(samples[part])}`)
          .join(' · ')}
      </p>
      {classes.length > 0 && (
        <table className={css.classes} aria-label={t('split.classes')}>
          <thead>
            <tr>
              <th scope="col">{t('split.class')}</th>
              <th aria-hidden />
              {parts.map((part) => (
                <th key={part} scope="col">
                  {t(`split.${part}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {classes.slice(0, most).map(({ name, pairs }) => (
              <tr key={name}>
                <th scope="row" className="ellipsis">
                  {name}
                </th>
                <td className={css.bar}>
                  <Bar counts={pairs} label={name} />
                </td>
                {parts.map((part) => (
                  <td key={part}>{t.count(pairs[part])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {classes.length > most && (
        <p className="small muted">{t('charts.tableNote', { shown: most, total: classes.length })}</p>
      )}
    </div>
  );
}

/** Shares of the three splits; told in words beside it. */
function Bar({ counts, label }: { counts: Record<Split, number>; label: string }) {
  return (
    <div className={css.shares} role="img" aria-label={label}>
      {parts.map(
        (part) => counts[part] > 0 && <span key={part} data-part={part} style={{ flexGrow: counts[part] }} />,
      )}
    </div>
  );
}
