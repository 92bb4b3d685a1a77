/** Retrieval over all validation pairs, in both directions, with the weights of a saved step or of now. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { type Translate, useT } from '../../i18n/index.ts';
import { measureName, metricText } from '../../panels/metricName.ts';
import { modalityName } from '../../panels/modalityName.ts';
import css from './inspect.module.css';
import { useAsync } from './useAsync.ts';

const wayName = (t: Translate, [first, second]: [string, string], back: boolean) =>
  `${modalityName(t, back ? second : first)} → ${modalityName(t, back ? first : second)}`;

export function Retrieval({ step }: { step?: number }) {
  const t = useT();
  const [asked, setAsked] = useState<{ step?: number; time: number }>();
  const { value, loading } = useAsync(asked && JSON.stringify(asked), () =>
    api().engine.retrieval({ split: 'validation', step: asked?.step }),
  );
  return (
    <section className={`card ${css.section}`}>
      <div className="row">
        <h2 className="grow">{t('inspect.retrieval')}</h2>
        <Button
          variant="default"
          size="xs"
          loading={loading}
          onClick={() => setAsked({ step, time: performance.now() })}
        >
          {t('inspect.measure')}
        </Button>
      </div>
      <p className="muted small">{t('inspect.retrievalLead')}</p>
      {value && (
        <>
          {value.imageToText && value.textToImage && (
            <table className={css.numbers}>
              <thead>
                <tr>
                  <th scope="col">{t('inspect.way')}</th>
                  <th scope="col">R@1</th>
                  <th scope="col">R@5</th>
                  <th scope="col">R@10</th>
                  <th scope="col">{t('inspect.median')}</th>
                </tr>
              </thead>
              <tbody>
                {[value.imageToText, value.textToImage].map((found, back) => (
                  <tr key={back ? 'back' : 'there'}>
                    <th scope="row">{wayName(t, value.between ?? ['image', 'text'], back === 1)}</th>
                    <td>{t.percent(found.r1)}</td>
                    <td>{t.percent(found.r5)}</td>
                    <td>{t.percent(found.r10)}</td>
                    <td>{t.number(found.medianRank)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {Object.keys(value.measures).length > 0 && (
            <table className={css.numbers}>
              <thead>
                <tr>
                  <th scope="col">{t('inspect.measureOf')}</th>
                  <th scope="col">{t('inspect.value')}</th>
                </tr>
              </thead>
              <tbody>
                {Object.entries(value.measures).map(([name, measured]) => (
                  <tr key={name}>
                    <th scope="row">{measureName(t, name)}</th>
                    <td>{metricText(t, name, measured)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <p className="muted small">
            {t('inspect.pairs', { pairs: value.pairs, images: value.images, loss: t.number(value.loss) })}
          </p>
        </>
      )}
    </section>
  );
}
