/** All scores of a task, with interval, chance and what each means; of retrieval both ways side by side. */
import { Box } from '@mantine/core';
import { scoreHelp, scoreName, scoreText } from '../../../core/evaluationTexts.ts';
import type { Evaluation } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import css from './evaluate.module.css';

type Parts = Evaluation['tasks'][number]['parts'];

export function ScoreTable({ parts }: { parts: Parts }) {
  const t = useT();
  const [first] = parts;
  const ways = parts.length > 1;
  return (
    <Box component="section" className={css.scroll} tabIndex={0} aria-label={t('evaluate.scores')}>
      <table className={css.numbers}>
        <thead>
          {ways && (
            <tr>
              <td />
              {parts.map(({ from = '', to = '' }) => (
                <th key={from} colSpan={3} scope="colgroup">
                  {modalityName(t, from)} → {modalityName(t, to)}
                </th>
              ))}
            </tr>
          )}
          <tr>
            <th scope="col">{t('evaluate.score')}</th>
            {parts.map(({ from = '' }) => [
              <th key={`${from} value`} scope="col">
                {t('evaluate.value')}
              </th>,
              <th key={`${from} interval`} scope="col">
                {t('evaluate.intervalHead')}
              </th>,
              <th key={`${from} chance`} scope="col">
                {t('evaluate.chanceHead')}
              </th>,
            ])}
            <th scope="col" className={css.words}>
              {t('evaluate.means')}
            </th>
          </tr>
        </thead>
        <tbody>
          {first.scores.map(({ name }) => {
            const help = scoreHelp(name);
            return (
              <tr key={name}>
                <th scope="row">{t.pick(scoreName(name))}</th>
                {parts.map(({ from = '', scores }) => {
                  const score = scores.find((one) => one.name === name);
                  const bounded = score?.low !== undefined && score.high !== undefined;
                  return [
                    <td key={`${from} value`}>
                      <b>{score ? scoreText(name, score.value) : '–'}</b>
                    </td>,
                    <td key={`${from} interval`} className="muted">
                      {bounded
                        ? `${scoreText(name, score.low ?? 0)} – ${scoreText(name, score.high ?? 0)}`
                        : ''}
                    </td>,
                    <td key={`${from} chance`} className="muted">
                      {score?.chance === undefined ? '' : scoreText(name, score.chance)}
                    </td>,
                  ];
                })}
                <td className={`muted ${css.words}`}>{help ? t.pick(help) : ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Box>
  );
}
