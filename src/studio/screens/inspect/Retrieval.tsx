/** Retrieval over all validation pairs, in both directions, with the weights of a saved step or of now. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useT } from '../../i18n/index.ts';
import css from './inspect.module.css';
import { useAsync } from './useAsync.ts';

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
              {(['imageToText', 'textToImage'] as const).map((way) => (
                <tr key={way}>
                  <th scope="row">
                    {t(way === 'imageToText' ? 'train.retrieval.i2t' : 'train.retrieval.t2i')}
                  </th>
                  <td>{t.percent(value[way].r1)}</td>
                  <td>{t.percent(value[way].r5)}</td>
                  <td>{t.percent(value[way].r10)}</td>
                  <td>{t.number(value[way].medianRank)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="muted small">
            {t('inspect.pairs', { pairs: value.pairs, images: value.images, loss: t.number(value.loss) })}
          </p>
        </>
      )}
    </section>
  );
}
