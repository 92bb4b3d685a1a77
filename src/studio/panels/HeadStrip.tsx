/** Entropy of every head of a tower, blocks downwards and heads across; a press shows that head. */
import { useMemo, useState } from 'react';
import type { AttentionMaps } from '../../workers/api.ts';
import { sequential } from '../charts/colors.ts';
import { type Cell, Heatmap } from '../charts/Heatmap.tsx';
import { useT } from '../i18n/index.ts';
import { useTokens } from '../theme/useTokens.ts';
import { type AttentionView, headEntropies } from './attentionRows.ts';
import { modalityName } from './modalityName.ts';
import css from './panels.module.css';

interface Props {
  maps: AttentionMaps;
  view: AttentionView;
  onView: (view: AttentionView) => void;
}

export function HeadStrip({ maps, view, onView }: Props) {
  const t = useT();
  const { scheme } = useTokens();
  const [cell, setCell] = useState<Cell>();
  const values = useMemo(() => headEntropies(maps), [maps]);
  const most = Math.log(maps.tokens);
  const shown = view.layer !== 'rollout' && view.head !== 'mean' && { row: view.layer, column: view.head };
  const name = modalityName(t, maps.modality);
  return (
    <div className={css.strip}>
      <span>{t('train.attention.entropy', { modality: name })}</span>
      <Heatmap
        label={t('train.attention.strip', { modality: name, layers: maps.layers, heads: maps.heads })}
        read={() => ({ rows: maps.layers, columns: maps.heads, values })}
        version={() => values}
        scale={(value) => value / most}
        ramp={sequential(scheme)}
        cell={cell}
        marked={shown || undefined}
        onCell={setCell}
        onChoose={({ row, column }) => onView({ layer: row, head: column })}
        style={{ width: Math.min(200, maps.heads * 26), height: maps.layers * 22, cursor: 'pointer' }}
      />
      <span className="muted" aria-live="polite">
        {cell
          ? t('train.attention.stripCell', {
              layer: cell.row + 1,
              head: cell.column + 1,
              value: t.number(values[cell.row * maps.heads + cell.column]),
            })
          : t('train.attention.stripRange', { most: t.number(most) })}
      </span>
    </div>
  );
}
