/** A model drawn from its graph (diagramLayout.ts): shapes stand between blocks, parameters in them, objectives say by marks what they read. */
import { useMemo } from 'react';
import type { Diagram } from '../../../workers/api.ts';
import { markPath } from '../../charts/marks.ts';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { modalityStyle } from '../../theme/tokens.ts';
import { boxHeight, layOut, type Placed } from './diagramLayout.ts';
import css from './Model.module.css';

/** How a block is tinted, and what that means in words. */
export interface Tint {
  color: string;
  said: string;
}

interface Props {
  diagram: Diagram;
  parameters: number;
  chosen: string | undefined;
  onChoose: (block: string) => void;
  tint?: (block: string) => Tint | undefined;
}

export function DiagramDrawing({ diagram, parameters, chosen, onChoose, tint }: Props) {
  const t = useT();
  const { placed, wires, width, height } = useMemo(() => layOut(diagram), [diagram]);
  const texts = new Map(wires.flatMap(({ text }) => (text?.shape ? [[`${text.x} ${text.y}`, text]] : [])));
  return (
    <div className={css.scroll}>
      <svg
        viewBox={`-8 -8 ${width + 16} ${height + 16}`}
        className={css.svg}
        style={{ width: `min(100%, ${width + 16}px)` }}
      >
        <title>{t('model.diagram.label', { parameters })}</title>
        {wires.map(({ points }) => (
          <path key={points.join(' ')} d={`M${points.join('L')}`} className={css.edge} />
        ))}
        {[...texts.values()].map(({ shape, x, y }) => (
          <text key={`${x} ${y}`} x={x} y={y} className={css.shape}>
            {shape}
          </text>
        ))}
        {placed.map((item) => (
          <Box
            key={item.block.id}
            placed={item}
            chosen={chosen === item.block.id}
            choose={() => onChoose(item.block.id)}
            tint={tint?.(item.block.id)}
          />
        ))}
      </svg>
    </div>
  );
}

function Box({
  placed,
  chosen,
  choose,
  tint,
}: {
  placed: Placed;
  chosen: boolean;
  choose: () => void;
  tint?: Tint;
}) {
  const t = useT();
  const { block, x, y, width, reads = [] } = placed;
  const label = block.kind === 'input' ? block.label : block.label.replaceAll('_', ' ');
  const said = [
    label,
    block.output && t('model.block.output', { shape: block.output }),
    block.parameters ? t('model.block.parameters', { count: block.parameters }) : t('model.block.none'),
    reads.length > 0 &&
      t('model.objective.reads', { what: reads.map((one) => modalityName(t, one)).join(', ') }),
    tint?.said,
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG group cannot be a button element
    <g
      role="button"
      tabIndex={0}
      aria-pressed={chosen}
      aria-label={said.filter(Boolean).join(', ')}
      className={css.block}
      data-modality={block.modality ?? 'fused'}
      data-kind={block.kind}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        choose();
      }}
    >
      <rect x={x} y={y} width={width} height={boxHeight} rx={7} />
      {tint && (
        <>
          <title>{tint.said}</title>
          <rect
            x={x + 3}
            y={y + 4}
            width={5}
            height={boxHeight - 8}
            rx={2}
            style={{ fill: tint.color, stroke: 'none' }}
          />
        </>
      )}
      <text x={x + 12} y={y + boxHeight / 2 + 4.5} className={css.name}>
        {label}
      </text>
      {block.parameters > 0 && (
        <text x={x + width - 10} y={y + boxHeight / 2 + 4.5} textAnchor="end" className={css.shape}>
          {t.compact(block.parameters)}
        </text>
      )}
      {reads.map((modality, place) => {
        const { color, mark } = modalityStyle(modality);
        return (
          <path
            key={modality}
            d={markPath(mark, 3.6)}
            transform={`translate(${x + 14 + place * 11},${y})`}
            fill={`var(--a-${color})`}
            className={css.read}
          />
        );
      })}
    </g>
  );
}
