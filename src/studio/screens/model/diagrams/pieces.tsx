/** What the small diagrams are drawn with: tokens, vectors, boxes and lines of 200 × 92, in the colours and marks of the modalities. */
import type { ReactNode } from 'react';
import { markPath } from '../../../charts/marks.ts';
import { modalityStyle } from '../../../theme/tokens.ts';
import css from './diagrams.module.css';

export const extent = { width: 200, height: 92 };
export const middle = extent.height / 2;

/** Heights of `count` rows. */
export function rows(count: number): number[] {
  const gap = Math.min(30, 76 / Math.max(1, count));
  return Array.from({ length: count }, (_, row) => middle + (row - (count - 1) / 2) * gap);
}

export const Drawing = ({ children }: { children: ReactNode }) => (
  <svg viewBox={`0 0 ${extent.width} ${extent.height}`} className={css.drawing} aria-hidden>
    {children}
  </svg>
);

const fill = (modality: string) => `var(--a-${modalityStyle(modality).color})`;

/** Tokens of a modality in a row that begins at x. */
export function Tokens({
  x,
  y,
  modality,
  count = 3,
}: {
  x: number;
  y: number;
  modality: string;
  count?: number;
}) {
  const { mark } = modalityStyle(modality);
  return (
    <g fill={fill(modality)}>
      {Array.from({ length: count }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: tokens are their places
        <path key={place} d={markPath(mark, 4)} transform={`translate(${x + place * 11},${y})`} />
      ))}
    </g>
  );
}

/** One vector: the mark of its modality, larger. */
export function Vector({ x, y, modality = 'fused' }: { x: number; y: number; modality?: string }) {
  return (
    <path
      d={markPath(modalityStyle(modality).mark, 6)}
      transform={`translate(${x},${y})`}
      fill={fill(modality)}
    />
  );
}

interface BoxProps {
  x: number;
  y: number;
  width: number;
  height: number;
  modality?: string;
  /** Something that is learned but reads nothing. */
  soft?: boolean;
}

/** A block, centred on y, that begins at x. */
export function Box({ x, y, width, height, modality = 'fused', soft }: BoxProps) {
  return (
    <rect
      x={x}
      y={y - height / 2}
      width={width}
      height={height}
      rx={4}
      className={css.box}
      stroke={fill(modality)}
      strokeDasharray={soft ? '3 2' : undefined}
    />
  );
}

interface LineProps {
  from: readonly [number, number];
  to: readonly [number, number];
  /** 0 … 1 */
  strength?: number;
  dashed?: boolean;
}

/** A flow from left to right. */
export function Line({ from: [x, y], to: [u, v], strength = 0.5, dashed }: LineProps) {
  const bend = (u - x) / 2;
  return (
    <path
      d={`M${x},${y}C${x + bend},${y} ${u - bend},${v} ${u},${v}`}
      className={css.line}
      strokeWidth={0.6 + 1.8 * strength}
      strokeDasharray={dashed ? '2 3' : undefined}
    />
  );
}

/** An operation in a circle: ×, +. */
export function Operation({ x, y, sign }: { x: number; y: number; sign: 'times' | 'plus' }) {
  const r = 8;
  const arm = sign === 'times' ? r * 0.5 : r * 0.6;
  return (
    <g transform={`translate(${x},${y})${sign === 'times' ? ' rotate(45)' : ''}`}>
      <circle r={r} className={css.box} stroke={fill('fused')} />
      <path d={`M${-arm},0H${arm}M0,${-arm}V${arm}`} className={css.sign} />
    </g>
  );
}

/** A gate that lets through so much of what passes, 0 … 1. */
export function Gate({ x, y, open = 0.5 }: { x: number; y: number; open?: number }) {
  return (
    <g transform={`translate(${x},${y})`}>
      <path d="M0,-7L7,0L0,7L-7,0Z" className={css.box} stroke={fill('fused')} />
      <circle r={1 + 3 * open} fill={fill('fused')} />
    </g>
  );
}
