/** The curve of a learning-rate range test, and its values as a table. */
import type { CheckResult } from '../../../workers/api.ts';
import { LogCurve } from '../../charts/LogCurve.tsx';
import { TableView } from '../../charts/TableView.tsx';
import { useT } from '../../i18n/index.ts';
import css from './Preflight.module.css';

export function RangeCurve({ title, curve }: { title: string; curve: NonNullable<CheckResult['curve']> }) {
  const t = useT();
  const { x, y, mark } = curve;
  const says = mark === undefined ? '' : `, ${t('preflight.suggested', { rate: t.number(mark) })}`;
  return (
    <>
      <LogCurve label={`${title}: ${t('preflight.loss')}${says}`} xName={t('preflight.rate')} data={curve} />
      <details className="small">
        <summary>{t('preflight.values')}</summary>
        <div className={css.values}>
          <TableView
            newestFirst={false}
            table={{
              columns: [t('preflight.rate'), t('preflight.loss')],
              rows: x.map((rate, i) => [rate, y[i]]),
            }}
          />
        </div>
      </details>
    </>
  );
}
