/**
 * The model drawn from its graph: one lane a modality, top to bottom, joined where the graph joins them. Shapes stand between blocks,
 * parameters in them. A block that is chosen shows its parts.
 */
import { useState } from 'react';
import type { Diagram, Examination } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import css from './Model.module.css';

type Block = Diagram['blocks'][number];

const lane = { width: 210, gap: 36 };
const box = { height: 44, gap: 26 };

interface Placed {
  block: Block;
  x: number;
  y: number;
  width: number;
}

/** Lanes side by side; what belongs to no single modality below them, across. */
export function placeBlocks(blocks: readonly Block[]): {
  placed: Placed[];
  width: number;
  height: number;
  lanes: string[];
} {
  const hidden = (block: Block) =>
    block.kind === 'encoder' ||
    /^input\.(keep|sampleGroups|textGroups)$/.test(block.id) ||
    (block.parent?.includes('.blocks.') ?? false) ||
    block.id === 'fusion';
  const shown = blocks.filter((block) => !hidden(block));
  const lanes = [...new Set(shown.map((block) => block.modality ?? 'fused'))].filter(
    (modality) => modality !== 'fused',
  );
  const width = lanes.length * lane.width + (lanes.length - 1) * lane.gap;
  const placed: Placed[] = [];
  let bottom = 0;
  for (const [column, modality] of lanes.entries()) {
    let y = 0;
    for (const block of shown.filter((item) => item.modality === modality)) {
      placed.push({ block, x: column * (lane.width + lane.gap), y, width: lane.width });
      y += box.height + box.gap;
    }
    bottom = Math.max(bottom, y);
  }
  for (const block of shown.filter((item) => (item.modality ?? 'fused') === 'fused')) {
    placed.push({ block, x: (width - lane.width) / 2, y: bottom, width: lane.width });
    bottom += box.height + box.gap;
  }
  return { placed, width, height: bottom - box.gap, lanes };
}

export function DiagramView({ examination }: { examination: Examination }) {
  const t = useT();
  const [chosen, setChosen] = useState<string>();
  const { blocks } = examination.diagram;
  const { placed, width, height, lanes } = placeBlocks(blocks);
  const lastOf = new Map(
    lanes.map((modality) => [modality, placed.filter(({ block }) => block.modality === modality).at(-1)!]),
  );
  const joint = placed.find(({ block }) => (block.modality ?? 'fused') === 'fused');
  const detail = blocks.find((block) => block.id === chosen);
  const parts = blocks.filter((block) => block.parent === chosen);
  return (
    <section className={`card ${css.diagram}`}>
      <h2>{t('model.diagram')}</h2>
      <p className="muted small">{t('model.diagram.hint')}</p>
      <svg viewBox={`-8 -8 ${width + 16} ${height + 16}`} className={css.svg}>
        <title>{t('model.diagram.label', { parameters: examination.parameters })}</title>
        {placed.map(({ block, x, y }, index) => {
          const next = placed[index + 1];
          const sameLane = next && next.block.modality === block.modality;
          const middle = x + lane.width / 2;
          if (sameLane)
            return (
              <g key={`${block.id} edge`}>
                <path d={`M${middle},${y + box.height} V${next.y}`} className={css.edge} />
                <text x={middle + 8} y={y + box.height + box.gap / 2 + 4} className={css.shape}>
                  {block.output}
                </text>
              </g>
            );
          const from = lastOf.get(block.modality ?? '');
          if (!joint || !from || from.block !== block) return null;
          const target = joint.x + lane.width / 2;
          const side = middle < target ? -1 : 1;
          return (
            <g key={`${block.id} edge`}>
              <path
                d={`M${middle},${y + box.height} V${joint.y - box.gap / 2} H${target + side * 12} V${joint.y}`}
                className={css.edge}
              />
              <text
                x={middle + (side < 0 ? 8 : -8)}
                y={joint.y - box.gap / 2 - 6}
                textAnchor={side < 0 ? 'start' : 'end'}
                className={css.shape}
              >
                {block.output}
              </text>
            </g>
          );
        })}
        {placed.map(({ block, x, y, width: wide }) => (
          // biome-ignore lint/a11y/useSemanticElements: an SVG group cannot be a button element
          <g
            key={block.id}
            role="button"
            tabIndex={0}
            aria-pressed={chosen === block.id}
            aria-label={`${block.label}, ${t('model.block.output', { shape: block.output })}, ${t('model.block.parameters', { count: block.parameters })}`}
            className={css.block}
            data-modality={block.modality ?? 'fused'}
            data-kind={block.kind}
            onClick={() => setChosen(chosen === block.id ? undefined : block.id)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              event.stopPropagation();
              setChosen(chosen === block.id ? undefined : block.id);
            }}
          >
            <rect x={x} y={y} width={wide} height={box.height} rx={7} />
            <text x={x + 14} y={y + box.height / 2 + 4.5} className={css.name}>
              {block.label}
            </text>
            {block.parameters > 0 && (
              <text x={x + wide - 12} y={y + box.height / 2 + 4.5} textAnchor="end" className={css.shape}>
                {t.compact(block.parameters)}
              </text>
            )}
          </g>
        ))}
      </svg>
      {detail && (
        <div className={css.detail}>
          <strong>{detail.id}</strong>
          <span className="muted small">
            {t('model.block.output', { shape: detail.output })} ·{' '}
            {detail.parameters
              ? t('model.block.parameters', { count: detail.parameters })
              : t('model.block.none')}
          </span>
          {parts.map((part) => (
            <span key={part.id} className="small">
              {part.label}{' '}
              <span className="muted">{t('model.block.parameters', { count: part.parameters })}</span>
            </span>
          ))}
        </div>
      )}
    </section>
  );
}
