/** The stages of the open run and the changes made by hand, in order and in words, with the numbers that stand on the charts. */
import { useStore } from 'zustand';
import { markText } from '../../../core/marks.ts';
import { useT } from '../../i18n/index.ts';
import { useMarks } from '../../state/marks.ts';
import { session } from '../../state/session.ts';
import css from './train.module.css';

export function WhatChanged() {
  const t = useT();
  const marks = useMarks();
  const begun = useStore(session, ({ step }) => marks.filter((mark) => mark.step <= step).length);
  if (marks.length === 0) return null;
  return (
    <details className={css.changes}>
      <summary>
        {t('control.changed')}{' '}
        <span className="muted">{t('control.changedCount', { count: marks.length })}</span>
      </summary>
      <ol>
        {marks.map((mark, index) => (
          <li key={mark.number} data-ahead={index >= begun}>
            <span className={css.flag}>{mark.number}</span>
            <span className="number">{t('charts.at', { step: mark.step })}</span>
            <span>{markText(mark, t.locale)}</span>
            <span className="small muted">
              {t(mark.byHand ? 'control.byHand' : index >= begun ? 'control.ahead' : 'control.planned')}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
