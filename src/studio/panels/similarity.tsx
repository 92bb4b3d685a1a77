/** Live similarity of one batch: rows are pictures, columns are captions, the diagonal are the right pairs. */
import { useState } from 'react';
import { useStore } from 'zustand';
import { cssOf, diverging } from '../charts/colors.ts';
import { type Cell, Heatmap } from '../charts/Heatmap.tsx';
import { Thumb } from '../components/Thumb.tsx';
import { useT } from '../i18n/index.ts';
import { probes, session } from '../state/session.ts';
import { contrasts } from './fits.ts';
import { diagonalMargin } from './margin.ts';
import { definePanel } from './panel.ts';
import css from './panels.module.css';
import { useVersion } from './useVersion.ts';

const toShare = (value: number) => (value + 1) / 2;
const version = () => probes.similarity;
const gradient = `linear-gradient(90deg, ${Array.from({ length: 11 }, (_, i) => cssOf(diverging(i / 10))).join(', ')})`;

const read = () => {
  const probe = probes.similarity;
  return probe && { rows: probe.size, columns: probe.size, values: probe.values };
};

function Body() {
  useVersion(version);
  const t = useT();
  const dataset = useStore(session, (state) => state.dataset);
  const [cell, setCell] = useState<Cell>();
  const probe = probes.similarity;
  if (!probe) return null;
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
            read={read}
            version={version}
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
          {shown && dataset ? (
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

export const similarity = definePanel({
  id: 'similarity',
  title: { en: 'Similarity', zh: '相似度' },
  explain: {
    en: 'Every picture of a batch against every caption. A clear diagonal means that pairs find each other.',
    zh: '一批图片与说明文字两两比较。对角线清晰说明配对正确。',
  },
  empty: { en: 'The matrix appears with the next step.', zh: '下一步完成后显示矩阵。' },
  suits: contrasts,
  columns: 4,
  rows: 8,
  fields: [],
  probes: ['similarity'],
  Body,
  version,
  hasData: () => probes.similarity !== undefined,
  last: () => probes.similarity,
  table: () => {
    const probe = probes.similarity;
    if (!probe) return { columns: [], rows: [] };
    return {
      columns: ['image', ...probe.captions.map((caption, i) => `${i + 1} ${caption}`)],
      rows: probe.images.map((image, row) => [
        image,
        ...probe.values.subarray(row * probe.size, (row + 1) * probe.size),
      ]),
    };
  },
});
