/** Similarity of one batch: rows are pictures, columns are captions, the diagonal are the right pairs. */
import { useState } from 'react';
import type { Similarity } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { cssOf, diverging } from '../charts/colors.ts';
import { type Cell, Heatmap } from '../charts/Heatmap.tsx';
import { Thumb } from '../components/Thumb.tsx';
import { useT } from '../i18n/index.ts';
import { contrasts } from './fits.ts';
import { defineLookPanel, type LookProps } from './lookPanel.tsx';
import { diagonalMargin } from './margin.ts';
import css from './panels.module.css';

const toShare = (value: number) => (value + 1) / 2;
const gradient = `linear-gradient(90deg, ${Array.from({ length: 11 }, (_, i) => cssOf(diverging(i / 10))).join(', ')})`;

function Body({ result: probe, dataset }: LookProps<Similarity>) {
  const t = useT();
  const [cell, setCell] = useState<Cell>();
  const margin = diagonalMargin(probe.values, probe.size);
  const shown = cell && cell.row < probe.size && cell.column < probe.size ? cell : undefined;
  const value = shown && probe.values[shown.row * probe.size + shown.column];
  return (
    <div className={css.similarity}>
      <div className={css.matrix}>
        <span className={css.columnsName}>{t('train.captions')} →</span>
        <span className={css.rowsName}>{t('train.pictures')} →</span>
        <div className={css.square}>
          <Heatmap
            label={t('train.similarity.label', { size: probe.size, margin: t.number(margin) })}
            read={() => ({ rows: probe.size, columns: probe.size, values: probe.values })}
            version={() => probe}
            scale={toShare}
            ramp={diverging}
            cell={shown}
            onCell={setCell}
            style={{ position: 'absolute', inset: 0 }}
          />
        </div>
      </div>
      <div className={css.side}>
        <div className={css.figures}>
          <Figure name={t('train.margin')} value={t.number(margin)} />
          <Figure name={t('train.temperature')} value={t.number(1 / probe.scale)} />
        </div>
        <div className={css.scale}>
          <span>−1</span>
          <i style={{ background: gradient }} />
          <span>1</span>
        </div>
        <div className={css.cell} aria-live="polite">
          {shown ? (
            <>
              <Thumb
                dataset={dataset}
                index={probe.images[shown.row]}
                size={64}
                width={72}
                label={t('train.picture', { index: probe.images[shown.row] })}
              />
              <span>{probe.captions[shown.column]}</span>
              <b className="number">{t.number(value)}</b>
            </>
          ) : (
            <span className="muted">{t('train.similarity.hint')}</span>
          )}
        </div>
      </div>
    </div>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <span>
      <span className="muted">{name}</span> <b className="number">{value}</b>
    </span>
  );
}

export const similarity = defineLookPanel({
  id: 'similarity',
  title: { en: 'Similarity', zh: '相似度' },
  explain: {
    en: 'Every picture of a batch against every caption. A clear diagonal means that pairs find each other.',
    zh: '一批图片与说明文字两两比较。对角线清晰说明配对正确。',
  },
  article: () => import('./articles/similarity.ts'),
  empty: { en: 'The matrix appears with the next step.', zh: '下一步完成后显示矩阵。' },
  suits: contrasts,
  columns: 4,
  rows: 8,
  fields: [],
  question: () => undefined,
  ask: (_, at) => api().engine.similarity(undefined, at),
  interval: 400,
  Body,
  table: ({ captions, images, size, values }) => ({
    columns: ['image', ...captions.map((caption, i) => `${i + 1} ${caption}`)],
    rows: images.map((image, row) => [image, ...values.subarray(row * size, (row + 1) * size)]),
  }),
});
