/** Tokens of one modality as what they are: patches on the picture, moments on a time axis, words and columns as tokens. Tinted by values; a press chooses one. */
import { useState } from 'react';
import type { AxisPart } from '../../../workers/api.ts';
import { sequential } from '../../charts/colors.ts';
import { type Cell, Heatmap } from '../../charts/Heatmap.tsx';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import panels from '../../panels/panels.module.css';
import { useTokens } from '../../theme/useTokens.ts';

interface Props {
  part: AxisPart;
  /** One for each label; absent where tokens are only chosen from. */
  values?: Float32Array;
  /** The largest value of all parts, so that their tints compare. */
  most: number;
  /** Place in the part that is chosen. */
  chosen?: number;
  onChoose?: (place: number) => void;
  dataset: string;
  sample: number;
}

const side = 176;

export function PartView(props: Props) {
  const t = useT();
  const { part } = props;
  return (
    <div>
      <h3 className={panels.tower}>{modalityName(t, part.of)}</h3>
      {part.grid !== undefined && part.grid > 1 ? (
        <Patches {...props} grid={part.grid} leading={part.leading ?? 0} />
      ) : (
        <Chips {...props} />
      )}
    </div>
  );
}

function Patches({
  part,
  values,
  most,
  chosen,
  onChoose,
  dataset,
  sample,
  grid,
  leading,
}: Props & { grid: number; leading: number }) {
  const t = useT();
  const { scheme } = useTokens();
  const [cell, setCell] = useState<Cell>();
  const shade = scheme === 'dark' ? 8 : 250;
  const patches = values?.subarray(leading);
  const flat = new Float32Array(grid * grid).fill(1);
  const at = chosen !== undefined && chosen >= leading ? chosen - leading : undefined;
  return (
    <div className={panels.patches} style={{ width: side, height: side }}>
      <div style={{ position: 'absolute', inset: 0 }} className={panels.crisp}>
        <Thumb dataset={dataset} index={sample} size={side} label={t('train.picture', { index: sample })} />
      </div>
      <Heatmap
        label={t(onChoose ? 'inspect.patchQuery' : 'inspect.patchKeys', { most: t.number(most) })}
        read={() => ({ rows: grid, columns: grid, values: patches ?? flat })}
        version={() => patches ?? part}
        scale={(value) => (patches ? (most > 0 ? value / most : 0) : 1)}
        ramp={(share) => [shade, shade, shade, 215 * (1 - share)]}
        cell={cell}
        marked={at === undefined ? undefined : { row: Math.floor(at / grid), column: at % grid }}
        onCell={setCell}
        onChoose={({ row, column }) => onChoose?.(row * grid + column + leading)}
        style={{ position: 'absolute', inset: 0, cursor: onChoose ? 'pointer' : 'default' }}
      />
    </div>
  );
}

function Chips({ part, values, most, chosen, onChoose }: Props) {
  const t = useT();
  const { scheme } = useTokens();
  const ramp = sequential(scheme);
  // Latents and the like belong to no modality; their tint is the fused one's.
  const tint = ['image', 'text', 'audio', 'table'].includes(part.of) ? part.of : 'fused';
  if (part.labels.length > 48)
    return (
      <div className={panels.seconds} style={{ height: 26, gap: 1 }}>
        {part.labels.map((label, i) => (
          <i
            key={label}
            title={`${label} ${values ? t.number(values[i]) : ''}`}
            style={{ flex: 1, background: `rgb(${ramp(values && most > 0 ? values[i] / most : 0)})` }}
          />
        ))}
      </div>
    );
  return (
    <div className={panels.words}>
      {part.labels.map((label, i) => {
        const value = values && t.number(values[i]);
        const style = {
          background:
            values &&
            `color-mix(in srgb, var(--a-${tint}) ${Math.round(most > 0 ? (48 * values[i]) / most : 0)}%, transparent)`,
        };
        const inside = (
          <>
            <span>{label.trim() || '␣'}</span>
            {value && <small>{value}</small>}
          </>
        );
        const key = `${i} ${label}`;
        return onChoose ? (
          <button
            key={key}
            type="button"
            className={panels.token}
            aria-pressed={i === chosen}
            style={style}
            onClick={() => onChoose(i)}
          >
            {inside}
          </button>
        ) : (
          <span key={key} className={panels.token} style={{ ...style, cursor: 'default' }}>
            {inside}
          </span>
        );
      })}
    </div>
  );
}
