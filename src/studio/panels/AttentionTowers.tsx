/**
 * The attention of one sample: the picture, dimmed where the query does not look; words, columns and moments of the sound, tinted where it does.
 * A press on one of them makes it the query.
 */
import { useState } from 'react';
import type { AttentionMaps } from '../../workers/api.ts';
import { type Cell, Heatmap } from '../charts/Heatmap.tsx';
import { Thumb } from '../components/Thumb.tsx';
import { useT } from '../i18n/index.ts';
import { useTokens } from '../theme/useTokens.ts';
import type { AttentionView } from './attentionRows.ts';
import { HeadStrip } from './HeadStrip.tsx';
import { Moments } from './Moments.tsx';
import { modalityName } from './modalityName.ts';
import css from './panels.module.css';
import { useRow } from './useRow.ts';

interface Props {
  maps: AttentionMaps[];
  image: number;
  dataset: string;
  view: AttentionView;
  onView: (view: AttentionView) => void;
  /** Smallest side of the picture, pixels. */
  side?: number;
}

export function AttentionTowers({ maps, image, dataset, view, onView, side = 208 }: Props) {
  const t = useT();
  const picture = maps.find((one) => one.grid !== undefined);
  const others = maps.filter((one) => one.grid === undefined);
  return (
    <div className={css.towers}>
      {picture && <Picture maps={picture} image={image} dataset={dataset} view={view} side={side} />}
      <div className={css.sentence}>
        {others.map((one) => (
          <section key={one.modality} aria-label={modalityName(t, one.modality)}>
            {maps.length > 1 && <h3 className={css.tower}>{modalityName(t, one.modality)}</h3>}
            {one.pace === undefined ? (
              <Sentence maps={one} view={view} />
            ) : (
              <Moments maps={one} pace={one.pace} view={view} />
            )}
          </section>
        ))}
        <div className={css.strips}>
          {maps.map((one) => (
            <HeadStrip key={one.modality} maps={one} view={view} onView={onView} />
          ))}
        </div>
      </div>
    </div>
  );
}

function Picture({
  maps,
  image,
  dataset,
  view,
  side,
}: Omit<Props, 'maps' | 'onView'> & { maps: AttentionMaps; side: number }) {
  const t = useT();
  const tokens = useTokens();
  const [chosen, setQuery] = useState(0);
  const [cell, setCell] = useState<Cell>();
  const query = Math.min(chosen, maps.tokens - 1);
  const { row, entropy } = useRow(maps, view, query);
  const { grid = 1, leading = 0 } = maps;
  const patches = row.subarray(leading);
  const most = patches.reduce((a, b) => Math.max(a, b), 0);
  const shade = tokens.scheme === 'dark' ? 8 : 250;
  const place = (at: Cell) => at.row * grid + at.column;
  const marked = query >= leading ? cellOf(query - leading, grid) : undefined;
  return (
    <figure className={css.picture} style={{ width: side }}>
      <div className={css.patches} style={{ height: side }}>
        <div style={{ position: 'absolute', inset: 0, imageRendering: 'pixelated' }} className={css.crisp}>
          <Thumb dataset={dataset} index={image} size={side} label={t('train.picture', { index: image })} />
        </div>
        <Heatmap
          label={t('train.attention.picture', { most: t.number(most) })}
          read={() => ({ rows: grid, columns: grid, values: patches })}
          version={() => patches}
          scale={(value) => (most > 0 ? value / most : 0)}
          ramp={(share) => [shade, shade, shade, 215 * (1 - share)]}
          cell={cell}
          marked={marked}
          onCell={setCell}
          onChoose={(at) => setQuery(place(at) + leading)}
          style={{ position: 'absolute', inset: 0, cursor: 'pointer' }}
        />
      </div>
      <figcaption>
        <span className="row wrap" style={{ gap: 6 }}>
          {leading > 0 && (
            <button
              type="button"
              className={css.token}
              aria-pressed={query === 0}
              onClick={() => setQuery(0)}
            >
              {maps.labels[0]}
            </button>
          )}
          <span className="muted">
            {cell
              ? `${cell.row + 1}, ${cell.column + 1}: ${t.number(patches[place(cell)])}`
              : marked
                ? t('train.attention.patch', { row: marked.row + 1, column: marked.column + 1 })
                : ''}
          </span>
        </span>
        <span className="muted">
          {t('train.attention.figures', { most: t.number(most), entropy: t.number(entropy) })}
        </span>
      </figcaption>
    </figure>
  );
}

const cellOf = (patch: number, grid: number): Cell => ({
  row: Math.floor(patch / grid),
  column: patch % grid,
});

function Sentence({ maps, view }: { maps: AttentionMaps; view: AttentionView }) {
  const t = useT();
  // The last token is the one that the sentence is read from.
  const [chosen, setQuery] = useState<number>();
  const query = Math.min(chosen ?? maps.tokens - 1, maps.tokens - 1);
  const { row, entropy } = useRow(maps, view, query);
  const most = row.reduce((a, b) => Math.max(a, b), 0);
  return (
    <figure className={css.picture}>
      <div className={css.words}>
        {maps.labels.map((label, i) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: a sentence may repeat a word; its place is what it is
            key={i}
            type="button"
            className={css.token}
            aria-pressed={i === query}
            aria-label={t('train.attention.word', { word: label.trim(), value: t.number(row[i]) })}
            title={t.number(row[i])}
            style={{
              background: `color-mix(in srgb, var(--a-${maps.modality}) ${Math.round(most > 0 ? (48 * row[i]) / most : 0)}%, transparent)`,
            }}
            onClick={() => setQuery(i)}
          >
            <span>{label.trim()}</span>
            <small>{t.number(row[i])}</small>
          </button>
        ))}
      </div>
      <figcaption className="muted">
        {t('train.attention.figures', { most: t.number(most), entropy: t.number(entropy) })}
      </figcaption>
    </figure>
  );
}
