/** One thing that the model does: all scores, controls, curves, confusion and reliability where it tells classes, and the samples. */
import { useState } from 'react';
import {
  controlNames,
  controlText,
  damageNames,
  scoreName,
  scoreText,
  taskNames,
} from '../../../core/evaluationTexts.ts';
import { barChart, lineChart, reliabilityChart } from '../../../core/svgCharts.ts';
import type { Evaluation } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { ByClass } from './ByClass.tsx';
import { ChartFrame } from './ChartFrame.tsx';
import { Confusion } from './Confusion.tsx';
import { Examples } from './Examples.tsx';
import css from './evaluate.module.css';
import { ScoreTable } from './ScoreTable.tsx';

type Task = Evaluation['tasks'][number];

interface Props {
  task: Task;
  /** The set, where it is kept in this browser. */
  dataset?: string;
  controls: NonNullable<Evaluation['controls']>;
  robustness: NonNullable<Evaluation['robustness']>;
}

export function TaskCard({ task, dataset, controls, robustness }: Props) {
  const t = useT();
  const { kind, parts, classes, confusion, reliability, answered, main } = task;
  const [cell, setCell] = useState<{ truth: string; said: string }>();
  const known = parts.some(({ scores }) => scores.length > 0);
  return (
    <section className={`card ${css.section}`} aria-label={t.pick(taskNames[kind])}>
      <h2>{t.pick(taskNames[kind])}</h2>
      {known && <ScoreTable parts={parts} />}
      <div className={css.charts}>
        {answered && (
          <ChartFrame
            title={t('evaluate.answered')}
            lead={t('evaluate.answeredLead')}
            svg={barChart(
              answered.map(({ name, count }) => ({
                name: { en: name, zh: name },
                value: count,
                text: t.count(count),
                strong: true,
              })),
            )}
            table={{
              columns: [t('evaluate.class'), t('evaluate.count')],
              rows: answered.map(({ name, count }) => [name, count]),
            }}
          />
        )}
        {controls.length > 0 && (
          <ChartFrame
            title={t('evaluate.control')}
            lead={t('evaluate.controlLead')}
            svg={barChart(
              controls.map(({ kind: control, modality, score }) => ({
                name: modality
                  ? { en: controlText(control, modality, 'en'), zh: controlText(control, modality, 'zh') }
                  : controlNames[control],
                value: score.value,
                low: score.low,
                high: score.high,
                text: scoreText(score.name, score.value),
                strong: control === 'all',
              })),
              controls[0].score.chance,
            )}
            table={{
              columns: [t('evaluate.control'), t.pick(scoreName(main)), '2.5 %', '97.5 %', 'n'],
              rows: controls.map(({ kind: control, modality, score }) => [
                controlText(control, modality, t.locale),
                score.value,
                score.low ?? Number.NaN,
                score.high ?? Number.NaN,
                score.n,
              ]),
            }}
          />
        )}
        {robustness.map(({ damage, modality, points }) => {
          const { unit, ...name } = damageNames[damage];
          return (
            <ChartFrame
              key={`${damage} ${modality}`}
              title={t('evaluate.curve', { damage: t.pick(name), modality: modalityName(t, modality) })}
              svg={lineChart(
                [
                  {
                    name,
                    points: points.map(({ strength, score: { value, low, high } }) => ({
                      x: strength,
                      y: value,
                      low,
                      high,
                    })),
                  },
                ],
                {
                  x: unit,
                  y: scoreName(main),
                  tick: (value) => scoreText(main, value),
                  level: { value: points[0].score.value, name: { en: 'as it is', zh: '原样' } },
                  marked: true,
                },
              )}
              table={{
                columns: [t('evaluate.strength'), t.pick(scoreName(main)), '2.5 %', '97.5 %'],
                rows: points.map(({ strength, score }) => [
                  strength,
                  score.value,
                  score.low ?? Number.NaN,
                  score.high ?? Number.NaN,
                ]),
              }}
            />
          );
        })}
        {reliability && (
          <ChartFrame
            title={t('evaluate.reliability')}
            lead={t('evaluate.reliabilityLead')}
            svg={reliabilityChart(reliability)}
            narrow
            table={{
              columns: ['from', 'to', 'n', 'confidence', 'accuracy'],
              rows: reliability.map(({ from, to, count, confidence, accuracy }) => [
                from,
                to,
                count,
                confidence,
                accuracy,
              ]),
            }}
          />
        )}
      </div>
      {confusion && classes && (
        <Confusion matrix={confusion} classes={classes} onCell={(truth, said) => setCell({ truth, said })} />
      )}
      {classes && <ByClass classes={classes} />}
      <Examples task={task} dataset={dataset} cell={cell} onAll={() => setCell(undefined)} />
    </section>
  );
}
