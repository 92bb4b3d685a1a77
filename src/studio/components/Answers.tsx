/** What a model predicts: classes with their shares as bars, or a number; the truth where it is known, and what was said before something was left out. */
import type { Answer } from '../../workers/api.ts';
import { useT } from '../i18n/index.ts';
import css from './Answers.module.css';

const shown = 6;

export function Answers({ answers, before }: { answers: readonly Answer[]; before?: readonly Answer[] }) {
  const t = useT();
  return answers.map(({ term, classes, value, truth }) => {
    const old = before?.find((one) => one.term === term);
    const right = truth !== undefined && classes ? classes[0]?.name === truth : undefined;
    return (
      <section key={term} className={css.answer} aria-label={term}>
        {answers.length > 1 && <h3 className="muted small">{term}</h3>}
        {value !== undefined && (
          <p className={css.value}>
            <b className="number">{t.number(value)}</b>
            {old?.value !== undefined && (
              <span className="muted number">{t('answer.before', { value: t.number(old.value) })}</span>
            )}
          </p>
        )}
        {classes && (
          <ol className={css.classes}>
            {classes.slice(0, shown).map(({ name, share }) => {
              const was = old?.classes?.find((one) => one.name === name)?.share;
              return (
                <li key={name} data-truth={name === truth}>
                  <span className={css.name}>{name}</span>
                  <span className={css.bar} aria-hidden>
                    <i style={{ width: `${100 * share}%` }} />
                    {was !== undefined && <b style={{ left: `${100 * was}%` }} />}
                  </span>
                  <span className="number">
                    {t.percent(share)}
                    {was !== undefined && (
                      <span className="muted"> {t('answer.before', { value: t.percent(was) })}</span>
                    )}
                  </span>
                </li>
              );
            })}
          </ol>
        )}
        {truth !== undefined && (
          <p className="small">
            {t('answer.truth', { truth })}
            {right !== undefined && (
              <strong className={right ? css.right : css.wrong}>
                {' '}
                {t(right ? 'answer.right' : 'answer.wrong')}
              </strong>
            )}
          </p>
        )}
      </section>
    );
  });
}
