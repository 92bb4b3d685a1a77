/** Any chart as a table. The newest rows come first; a thousand are shown, the CSV holds all. */
import { useT } from '../i18n/index.ts';
import css from './charts.module.css';
import type { Table } from './download.ts';

const MOST = 1000;

export function TableView({ table, newestFirst = true }: { table: Table; newestFirst?: boolean }) {
  const t = useT();
  const rows = newestFirst ? table.rows.slice(-MOST).reverse() : table.rows.slice(0, MOST);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable by keys
    <section className={css.table} tabIndex={0} aria-label={t('train.table')}>
      <table>
        <thead>
          <tr>
            {table.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.slice(0, 4).join()}>
              {row.map((value, i) => (
                <td key={table.columns[i]}>{typeof value === 'number' ? t.number(value) : value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < table.rows.length && (
        <p className="muted small">
          {t('charts.tableNote', { shown: rows.length, total: table.rows.length })}
        </p>
      )}
    </section>
  );
}
