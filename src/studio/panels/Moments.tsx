/** Attention over a sound: its spectrogram, dimmed where the query does not listen, along a time axis in seconds. The arrow keys and the pointer choose one, a press makes it the query. */
import { useState } from 'react';
import type { AttentionMaps } from '../../workers/api.ts';
import { sequential } from '../charts/colors.ts';
import { type Cell, Heatmap } from '../charts/Heatmap.tsx';
import { Spectrogram } from '../components/Spectrogram.tsx';
import { useT } from '../i18n/index.ts';
import { useTokens } from '../theme/useTokens.ts';
import type { AttentionView } from './attentionRows.ts';
import css from './panels.module.css';
import { useRow } from './useRow.ts';

export function Moments({ maps, pace, view }: { maps: AttentionMaps; pace: number; view: AttentionView }) {
  const t = useT();
  const { scheme } = useTokens();
  const shade = scheme === 'dark' ? 8 : 250;
  const [chosen, setQuery] = useState(0);
  const [cell, setCell] = useState<Cell>();
  const query = Math.min(chosen, maps.tokens - 1);
  const { row, entropy } = useRow(maps, view, query);
  const most = row.reduce((a, b) => Math.max(a, b), 0);
  const seconds = (index: number) => (index * pace).toFixed(2);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => seconds(share * maps.tokens));
  return (
    <figure className={css.picture}>
      <div className={css.heard}>
        {maps.spectrum && <Spectrogram {...maps.spectrum} />}
        <Heatmap
          label={t('train.attention.sound', { seconds: seconds(maps.tokens), most: t.number(most) })}
          read={() => ({ rows: 1, columns: maps.tokens, values: row })}
          version={() => row}
          scale={(value) => (most > 0 ? value / most : 0)}
          ramp={maps.spectrum ? (share) => [shade, shade, shade, 215 * (1 - share)] : sequential(scheme)}
          cell={cell}
          marked={{ row: 0, column: query }}
          onCell={setCell}
          onChoose={({ column }) => setQuery(column)}
          style={{ position: 'absolute', inset: 0, cursor: 'pointer' }}
        />
      </div>
      <div className={css.seconds} aria-hidden>
        {ticks.map((tick) => (
          <span key={tick}>{tick} s</span>
        ))}
      </div>
      <figcaption className="muted">
        <span aria-live="polite">
          {cell
            ? t('train.attention.moment', { at: seconds(cell.column), value: t.number(row[cell.column]) })
            : t('train.attention.momentQuery', { at: seconds(query) })}
        </span>
        <span>{t('train.attention.figures', { most: t.number(most), entropy: t.number(entropy) })}</span>
      </figcaption>
    </figure>
  );
}
