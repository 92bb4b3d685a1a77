/** One evaluation: its big numbers, a card for each thing that the model does, and the files it can be saved as. */
import { Button } from '@mantine/core';
import { errorText } from '../../../core/errorTexts.ts';
import { scoreName, scoreText, taskNames, undoneName } from '../../../core/evaluationTexts.ts';
import type { Evaluation } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { save } from '../../charts/download.ts';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import css from './evaluate.module.css';
import { Frechet } from './Frechet.tsx';
import { TaskCard } from './TaskCard.tsx';

const fileName = ({ model, data }: Evaluation) =>
  `${model.name}-${model.step}-${data.name}-${data.split}`.replace(/[^\p{L}\p{N}]+/gu, '-');

async function saveReport(evaluation: Evaluation, locale: 'en' | 'zh'): Promise<void> {
  const html = await api().engine.evaluationReport(evaluation.id, locale);
  save(`${fileName(evaluation)}.html`, new Blob([html], { type: 'text/html' }));
}

export function Results({ evaluation }: { evaluation: Evaluation }) {
  const t = useT();
  const { model, data, tasks, createdAt, took, controls = [], robustness = [], frechet } = evaluation;
  const split = t(`split.${data.split}`);
  return (
    <>
      <section
        className={`card ${css.section}`}
        aria-label={t('evaluate.result', { name: model.name, step: model.step })}
      >
        <div className="row wrap">
          <h2 className="grow">{t('evaluate.result', { name: model.name, step: model.step })}</h2>
          <Button
            size="xs"
            variant="default"
            onClick={() => saveReport(evaluation, t.locale).catch(reportError)}
          >
            {t('evaluate.saveReport')}
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() =>
              save(
                `${fileName(evaluation)}.json`,
                new Blob([JSON.stringify(evaluation)], { type: 'application/json' }),
              )
            }
          >
            {t('evaluate.saveJson')}
          </Button>
        </div>
        <p className="muted small">
          {t('evaluate.resultOf', {
            data: data.name,
            split,
            samples: data.samples,
            pairs: data.pairs,
            date: t.date(createdAt),
            time: t.duration(took / 1000),
          })}
        </p>
        {data.own && (data.split === 'train' || data.split === 'all') && (
          <p className={css.caution}>{t('evaluate.trainedOn')}</p>
        )}
        {evaluation.undone && (
          <ul className={css.caution}>
            {evaluation.undone.map(({ what, code, params }) => {
              const { body, action } = errorText(code, params, t.locale);
              return (
                <li key={what}>
                  {t('evaluate.undone', { what: t.pick(undoneName(what)) })} {body} {action}
                </li>
              );
            })}
          </ul>
        )}
        <dl className={css.big}>
          {tasks.flatMap(({ key, kind, main, parts }) =>
            parts.flatMap(({ from, to, scores }) => {
              const score = scores.find(({ name }) => name === main);
              if (!score) return [];
              const way = from && to ? ` ${modalityName(t, from)} → ${modalityName(t, to)}` : '';
              return [
                <div key={`${key} ${way}`}>
                  <dt>
                    {t.pick(taskNames[kind])}
                    {way} · {t.pick(scoreName(main))}
                  </dt>
                  <dd>
                    <b>{scoreText(main, score.value)}</b>
                    <span className="muted small">
                      {[
                        score.low !== undefined &&
                          score.high !== undefined &&
                          t('evaluate.interval', {
                            low: scoreText(main, score.low),
                            high: scoreText(main, score.high),
                          }),
                        t('evaluate.n', { n: score.n }),
                        score.chance !== undefined &&
                          t('evaluate.chance', { value: scoreText(main, score.chance) }),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </dd>
                </div>,
              ];
            }),
          )}
        </dl>
      </section>
      {tasks.map((task) => (
        <TaskCard
          key={task.key}
          task={task}
          dataset={data.id}
          controls={controls.filter((one) => one.task === task.key)}
          robustness={robustness.filter((one) => one.task === task.key)}
        />
      ))}
      {frechet && frechet.results.length > 0 && <Frechet frechet={frechet} />}
    </>
  );
}
