/** One attention map of a fusion: choose a query (a word, a patch, a latent) and see where it looks. */
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { FusionProbe } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import css from './inspect.module.css';
import { PartView } from './PartView.tsx';

interface Props {
  probe: FusionProbe;
  dataset: string;
  sample: number;
}

export function FusionMap({ probe, dataset, sample }: Props) {
  const t = useT();
  const [query, setQuery] = useState(0);
  const [head, setHead] = useState('mean');
  const { shape, rows = [], columns = [] } = probe;
  const [heads, queries, keys] = shape;
  const row = Math.min(query, queries - 1);
  const values = rowOf(probe, head === 'mean' ? undefined : Math.min(Number(head), heads - 1), row);
  const named = columns.flatMap(({ from, labels }) => [...values.subarray(from, from + labels.length)]);
  const most = named.reduce((a, b) => Math.max(a, b), 0);
  return (
    <div className={css.map}>
      <div className={css.mapSide}>
        <div className="row wrap">
          <h3 className="grow small">{t('inspect.query')}</h3>
          <NativeSelect
            size="xs"
            aria-label={t('train.attention.head')}
            value={head}
            onChange={(event) => setHead(event.currentTarget.value)}
            data={[
              { value: 'mean', label: t('train.attention.mean') },
              ...Array.from({ length: heads }, (_, i) => ({
                value: String(i),
                label: t('train.attention.headN', { n: i + 1 }),
              })),
            ]}
          />
        </div>
        {rows.map((part) => (
          <PartView
            key={`${part.of} ${part.from}`}
            part={part}
            most={1}
            chosen={row >= part.from && row < part.from + part.labels.length ? row - part.from : undefined}
            onChoose={(place) => setQuery(part.from + place)}
            dataset={dataset}
            sample={sample}
          />
        ))}
      </div>
      <div className={css.mapSide}>
        <h3 className="small">{t('inspect.looksAt', { most: t.number(most) })}</h3>
        {columns.map((part) => (
          <PartView
            key={`${part.of} ${part.from}`}
            part={part}
            values={values.subarray(part.from, Math.min(keys, part.from + part.labels.length))}
            most={most}
            dataset={dataset}
            sample={sample}
          />
        ))}
      </div>
    </div>
  );
}

/** A query's weights in one head, or their mean over heads. */
function rowOf({ shape, values }: FusionProbe, head: number | undefined, query: number): Float32Array {
  const [heads, queries, keys] = shape;
  const at = (one: number) => (one * queries + query) * keys;
  if (head !== undefined) return values.slice(at(head), at(head) + keys);
  const mean = new Float32Array(keys);
  for (let one = 0; one < heads; one++)
    for (let key = 0; key < keys; key++) mean[key] += values[at(one) + key] / heads;
  return mean;
}
