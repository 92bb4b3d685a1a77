/**
 * The model drawn from its graph (diagramLayout.ts): shapes stand between blocks, parameters in them, objectives say by marks what they
 * read. A block that is chosen shows its parts.
 */
import { useMemo, useState } from 'react';
import type { Diagram, Examination } from '../../../workers/api.ts';
import { markPath } from '../../charts/marks.ts';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { modalityStyle } from '../../theme/tokens.ts';
import { boxHeight, layOut, type Placed } from './diagramLayout.ts';
import css from './Model.module.css';

type Block = Diagram['blocks'][number];

export function DiagramView({ examination }: { examination: Examination }) {
  const t = useT();
  const [chosen, setChosen] = useState<string>();
  const { diagram } = examination;
  const { placed, wires, width, height } = useMemo(() => layOut(diagram), [diagram]);
  const detail = diagram.blocks.find((block) => block.id === chosen);
  const texts = new Map(wires.flatMap(({ text }) => (text?.shape ? [[`${text.x} ${text.y}`, text]] : [])));
  return (
    <section className={`card ${css.diagram}`}>
      <h2>{t('model.diagram')}</h2>
      <p className="muted small">{t('model.diagram.hint')}</p>
      <div className={css.scroll}>
        <svg
          viewBox={`-8 -8 ${width + 16} ${height + 16}`}
          className={css.svg}
          style={{ width: `min(100%, ${width + 16}px)` }}
        >
          <title>{t('model.diagram.label', { parameters: examination.parameters })}</title>
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
              choose={() => setChosen(chosen === item.block.id ? undefined : item.block.id)}
            />
          ))}
        </svg>
      </div>
      {detail && (
        <Detail block={detail} parts={diagram.blocks.filter((block) => block.parent === detail.id)} />
      )}
    </section>
  );
}

function Box({ placed, chosen, choose }: { placed: Placed; chosen: boolean; choose: () => void }) {
  const t = useT();
  const { block, x, y, width, reads = [] } = placed;
  const label = block.kind === 'input' ? block.label : block.label.replaceAll('_', ' ');
  const said = [
    label,
    block.output && t('model.block.output', { shape: block.output }),
    block.parameters ? t('model.block.parameters', { count: block.parameters }) : t('model.block.none'),
    reads.length > 0 &&
      t('model.objective.reads', { what: reads.map((one) => modalityName(t, one)).join(', ') }),
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

function Detail({ block, parts }: { block: Block; parts: readonly Block[] }) {
  const t = useT();
  return (
    <div className={css.detail}>
      <strong>{block.id}</strong>
      <span className="muted small">
        {block.output && `${t('model.block.output', { shape: block.output })} · `}
        {block.parameters ? t('model.block.parameters', { count: block.parameters }) : t('model.block.none')}
      </span>
      {parts.map((part) => (
        <span key={part.id} className="small">
          {part.label}{' '}
          <span className="muted">{t('model.block.parameters', { count: part.parameters })}</span>
        </span>
      ))}
    </div>
  );
}
