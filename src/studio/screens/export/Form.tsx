/** One form of export: its settings, the button that writes and tries it, and what came of it. */
import { Button } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconDownload } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { ExportTarget } from '../../../core/exporting.ts';
import { FieldsForm } from '../../components/FieldsForm.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { useT } from '../../i18n/index.ts';
import { cancelExport, changeField, exporting, startExport, valuesOf } from '../../state/exporting.ts';
import { saveFile } from '../../state/models.ts';
import { CodeBox } from './CodeBox.tsx';
import css from './Export.module.css';

export function Form({ target }: { target: ExportTarget }) {
  const t = useT();
  const { fields, job, progress, written } = useStore(exporting);
  const done = written?.type === target.type ? written : undefined;
  const failed = done?.checked.some(({ passed }) => !passed) ?? false;
  const use = done?.use ?? target.use;
  const total = done?.files.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0;
  return (
    <div className={css.form}>
      {target.fields.length > 0 && (
        <FieldsForm
          fields={target.fields}
          values={valuesOf(target, fields)}
          onChange={(key, value) => changeField(target.type, key, value)}
          disabled={job !== undefined}
        />
      )}
      <div className="row wrap">
        <Button
          leftSection={<IconDownload size={16} />}
          disabled={target.unfit !== undefined}
          loading={job !== undefined}
          onClick={() => void startExport()}
        >
          {t('export.write')}
        </Button>
        {done && (
          <Button variant="default" onClick={() => saveFile(done.name, done.blob)}>
            {t(failed ? 'export.anyway' : 'export.again')}
          </Button>
        )}
        {done && (
          <span className="muted number">
            {t('export.saved', { name: done.name, bytes: t.bytes(done.blob.size) })}
          </span>
        )}
      </div>
      {job && <ProgressLine progress={progress} cancel={cancelExport} />}
      {failed && (
        <p className={css.failed} role="alert">
          {t('export.failed')}
        </p>
      )}
      {done && (
        <section className="stack" aria-live="polite">
          <h2>{t('export.checks')}</h2>
          {done.checked.length === 0 && <p className="muted">{t('export.unchecked')}</p>}
          <ul className={css.checks}>
            {done.checked.map(({ name, passed, detail }) => (
              <li key={name.en} data-passed={passed}>
                {passed ? (
                  <IconCircleCheck size={18} aria-label={t('export.passed')} />
                ) : (
                  <IconCircleX size={18} aria-label={t('export.notPassed')} />
                )}
                <span>
                  {t.pick(name)} <span className="muted number">{t.pick(detail)}</span>
                </span>
              </li>
            ))}
          </ul>
          <details>
            <summary>
              {t('export.inside')} · {done.files.length} · {t.bytes(total)}
            </summary>
            <table className={css.table}>
              <thead>
                <tr>
                  <th scope="col">{t('export.file')}</th>
                  <th scope="col">{t('export.size')}</th>
                </tr>
              </thead>
              <tbody>
                {done.files.map(({ path, bytes }) => (
                  <tr key={path}>
                    <td>
                      <code>{path}</code>
                    </td>
                    <td className="number">{t.bytes(bytes)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        </section>
      )}
      {use && (
        <section className="stack">
          <h2>{t('export.use')}</h2>
          <CodeBox code={use.code} />
        </section>
      )}
    </div>
  );
}
