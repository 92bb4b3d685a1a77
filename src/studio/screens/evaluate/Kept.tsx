/** Evaluations of this browser, newest first: show one, delete one. */
import { Button } from '@mantine/core';
import type { EvaluationHead } from '../../../workers/api.ts';
import { reportError } from '../../app/report.tsx';
import { useT } from '../../i18n/index.ts';
import { removeEvaluation, showEvaluation } from '../../state/evaluating.ts';
import css from './evaluate.module.css';

export function Kept({ list, shown }: { list: readonly EvaluationHead[]; shown?: string }) {
  const t = useT();
  return (
    <section className={`card ${css.section}`} aria-label={t('evaluate.earlier')}>
      <h2>{t('evaluate.earlier')}</h2>
      <ul className={css.kept}>
        {list.map(({ id, model, data, createdAt }) => (
          <li key={id}>
            <span className="grow">
              {t('evaluate.line', {
                name: model.name,
                step: model.step,
                data: data.name,
                split: t(`split.${data.split}`),
              })}{' '}
              <span className="muted small">{t.date(createdAt)}</span>
            </span>
            <Button
              size="xs"
              variant="default"
              aria-pressed={id === shown}
              onClick={() => showEvaluation(id).catch(reportError)}
            >
              {t('evaluate.show')}
            </Button>
            <Button
              size="xs"
              variant="subtle"
              aria-label={t('evaluate.deleteOf', { name: model.name, date: t.date(createdAt) })}
              onClick={() => removeEvaluation(id).catch(reportError)}
            >
              {t('evaluate.delete')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
