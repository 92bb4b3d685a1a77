/** The credit of one modality's parts: over the picture, in the words, along the sound, in the cells. */
import { useState } from 'react';
import type { Credit } from '../../../workers/api.ts';
import { cssOf, diverging, type Ramp, sequential } from '../../charts/colors.ts';
import { type Cell, Heatmap } from '../../charts/Heatmap.tsx';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { useTokens } from '../../theme/useTokens.ts';
import { modalityName } from '../modalityName.ts';
import css from '../panels.module.css';

interface Props {
  credit: Credit;
  /** Whether credits speak for and against; else they are only more or less. */
  signed: boolean;
  dataset: string;
  image: number;
}

/** Where the colours end: beyond it lies one part in a hundred, so that a single pixel does not pale all others. */
export function colourEnd(values: ArrayLike<number>): number {
  const sizes = Float64Array.from(values, Math.abs).sort();
  const end = sizes[Math.max(0, Math.ceil(sizes.length * 0.99) - 1)] || (sizes.at(-1) ?? 0);
  return end > 0 ? end : 1;
}

const side = 224;

export function CreditView(props: Props) {
  const t = useT();
  const { credit } = props;
  const View =
    credit.modality === 'image'
      ? Picture
      : credit.modality === 'text' || (credit.shape[0] === 1 && credit.labels)
        ? Words
        : credit.modality === 'audio'
          ? Sound
          : Series;
  return (
    <section aria-label={modalityName(t, credit.modality)}>
      <h3 className={css.tower}>{modalityName(t, credit.modality)}</h3>
      <View {...props} />
    </section>
  );
}

/** Share of the scale, 0 … 1, and its colours. */
function useScale(values: ArrayLike<number>, signed: boolean) {
  const { scheme } = useTokens();
  const most = colourEnd(values);
  const scale = (value: number) => (signed ? (1 + value / most) / 2 : value / most);
  return { most, scale, ramp: signed ? diverging : sequential(scheme) };
}

function Picture({ credit, signed, dataset, image }: Props) {
  const t = useT();
  const [cell, setCell] = useState<Cell>();
  const [rows, columns] = credit.shape;
  const { most, scale, ramp } = useScale(credit.values, signed);
  // What counts little lets the picture through.
  const over: Ramp = (share) => {
    const strength = signed ? Math.abs(2 * share - 1) : share;
    return [...ramp(share).slice(0, 3), Math.round(225 * Math.min(1, strength) ** 0.7)];
  };
  return (
    <figure className={css.picture} style={{ width: side }}>
      <div className={css.patches} style={{ height: side }}>
        <div className={`${css.crisp} ${css.grey}`}>
          <Thumb dataset={dataset} index={image} size={side} label={t('train.picture', { index: image })} />
        </div>
        <Heatmap
          label={t('why.picture', { rows, columns })}
          read={() => ({ rows, columns, values: credit.values })}
          version={() => credit}
          scale={scale}
          ramp={over}
          cell={cell}
          onCell={setCell}
          style={{ position: 'absolute', inset: 0 }}
        />
      </div>
      <figcaption className="muted" aria-live="polite">
        <span>
          {cell
            ? t('why.place', {
                row: cell.row + 1,
                column: cell.column + 1,
                value: t.number(credit.values[cell.row * columns + cell.column]),
              })
            : t(signed ? 'why.scaleEnd' : 'why.scaleMost', { most: t.number(most) })}
        </span>
      </figcaption>
    </figure>
  );
}

/** Words, or the columns of a plain table. */
function Words({ credit, signed }: Props) {
  const t = useT();
  const { most, scale, ramp } = useScale(credit.values, signed);
  const labels = credit.labels ?? [];
  return (
    <figure className={css.picture}>
      <ul className={css.words} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {[...credit.values].map((value, at) => {
          const strength = Math.min(1, Math.abs(value) / most);
          return (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a sentence may repeat a word; its place is what it is
              key={at}
              className={css.token}
              style={{
                cursor: 'default',
                background: `color-mix(in srgb, ${cssOf(ramp(scale(value)))} ${Math.round(45 * strength)}%, transparent)`,
              }}
            >
              <span>{labels[at]?.trim()}</span>
              <small>{t.number(value)}</small>
            </li>
          );
        })}
      </ul>
      <figcaption className="muted">
        <span>{t(signed ? 'why.scaleEnd' : 'why.scaleMost', { most: t.number(most) })}</span>
      </figcaption>
    </figure>
  );
}

/** Moments from left to right; bands, where there are any, from low to high. */
function Sound({ credit, signed }: Props) {
  const t = useT();
  const [cell, setCell] = useState<Cell>();
  const { most, scale, ramp } = useScale(credit.values, signed);
  const [moments, bins = 1] = credit.shape;
  const { pace = 1 } = credit;
  const seconds = (index: number) => (index * pace).toFixed(2);
  const at = (row: number, column: number) => credit.values[column * bins + (bins - 1 - row)];
  const turned = Float32Array.from({ length: moments * bins }, (_, place) =>
    at(Math.floor(place / moments), place % moments),
  );
  return (
    <figure className={css.picture} style={{ width: 360, maxWidth: '100%' }}>
      <Heatmap
        label={t('why.sound', { seconds: seconds(moments) })}
        read={() => ({ rows: bins, columns: moments, values: turned })}
        version={() => credit}
        scale={scale}
        ramp={ramp}
        cell={cell}
        onCell={setCell}
        style={{ width: '100%', height: bins > 1 ? 120 : 44 }}
      />
      <div className={css.seconds} aria-hidden>
        {[0, 0.5, 1].map((share) => (
          <span key={share}>{seconds(share * moments)} s</span>
        ))}
      </div>
      <figcaption className="muted" aria-live="polite">
        <span>
          {cell
            ? t(bins > 1 ? 'why.bin' : 'why.moment', {
                at: seconds(cell.column),
                bin: bins - cell.row,
                value: t.number(at(cell.row, cell.column)),
              })
            : t(signed ? 'why.scaleEnd' : 'why.scaleMost', { most: t.number(most) })}
        </span>
      </figcaption>
    </figure>
  );
}

/** Steps from top to bottom, columns from left to right. */
function Series({ credit, signed }: Props) {
  const t = useT();
  const [cell, setCell] = useState<Cell>();
  const { most, scale, ramp } = useScale(credit.values, signed);
  const [steps, columns = 1] = credit.shape;
  return (
    <figure className={css.picture} style={{ width: 320, maxWidth: '100%' }}>
      <Heatmap
        label={t('why.series', { steps, columns })}
        read={() => ({ rows: steps, columns, values: credit.values })}
        version={() => credit}
        scale={scale}
        ramp={ramp}
        cell={cell}
        onCell={setCell}
        style={{ width: '100%', height: Math.min(220, 14 * steps) }}
      />
      <figcaption className="muted" aria-live="polite">
        <span>
          {cell
            ? t('why.cell', {
                step: cell.row + 1,
                column: credit.labels?.[cell.column] ?? cell.column + 1,
                value: t.number(credit.values[cell.row * columns + cell.column]),
              })
            : t(signed ? 'why.scaleEnd' : 'why.scaleMost', { most: t.number(most) })}
        </span>
      </figcaption>
    </figure>
  );
}
