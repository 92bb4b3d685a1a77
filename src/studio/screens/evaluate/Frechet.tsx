/** The Fréchet distance of features, with what must be known to read it. */
import { Box } from '@mantine/core';
import type { Evaluation } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import css from './evaluate.module.css';

export function Frechet({ frechet }: { frechet: NonNullable<Evaluation['frechet']> }) {
  const t = useT();
  const { against, results } = frechet;
  const split =
    (['train', 'validation', 'test', 'all'] as const).find((one) => one === against.split) ?? 'all';
  return (
    <section className={`card ${css.section}`} aria-label={t('evaluate.frechetTitle')}>
      <h2>{t('evaluate.frechetTitle')}</h2>
      <p className="muted small">
        {t('evaluate.frechetLead', { name: against.name, split: t(`split.${split}`) })}
      </p>
      <Box component="section" className={css.scroll} tabIndex={0} aria-label={t('evaluate.scores')}>
        <table className={css.numbers}>
          <thead>
            <tr>
              <th scope="col">{t('evaluate.modality')}</th>
              <th scope="col">{t('evaluate.distance')}</th>
              <th scope="col">{t('evaluate.limitHead')}</th>
              <th scope="col">n</th>
              <th scope="col">{t('evaluate.width')}</th>
            </tr>
          </thead>
          <tbody>
            {results.map(({ modality, distance, atInfinity, n, width }) => (
              <tr key={modality}>
                <th scope="row">{modalityName(t, modality)}</th>
                <td>
                  <b>{t.number(distance)}</b>
                </td>
                <td>{t.number(atInfinity)}</td>
                <td>{n.map((count) => t.count(count)).join(' / ')}</td>
                <td>{width}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Box>
    </section>
  );
}
