/**
 * A matrix of coloured cells, nearest neighbour, as large as fits. The pointer or the arrow keys choose a cell;
 * whoever uses it says what the cell means.
 */
import { useRef } from 'react';
import { useTokens } from '../theme/useTokens.ts';
import css from './charts.module.css';
import type { Ramp } from './colors.ts';
import { usePainter } from './usePainter.ts';

export interface Cell {
  row: number;
  column: number;
}

export interface Matrix {
  rows: number;
  columns: number;
  values: ArrayLike<number>;
}

interface Props {
  label: string;
  read: () => Matrix | undefined;
  version: () => unknown;
  /** Value to 0 … 1. */
  scale: (value: number) => number;
  ramp: Ramp;
  cell: Cell | undefined;
  /** A cell that stays outlined. */
  marked?: Cell;
  onCell: (cell: Cell | undefined) => void;
  onChoose?: (cell: Cell) => void;
  style?: React.CSSProperties;
}

function bitmap(matrix: Matrix, scale: (value: number) => number, ramp: Ramp): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = matrix.columns;
  canvas.height = matrix.rows;
  const image = new ImageData(matrix.columns, matrix.rows);
  for (let i = 0; i < matrix.rows * matrix.columns; i++) {
    const [r, g, b, opacity = 255] = ramp(scale(matrix.values[i]));
    image.data.set([r, g, b, opacity], i * 4);
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/** Whether it is a canvas's own, and not one that records (charts/picture.ts). */
const isCanvas = (context: object): boolean => context instanceof CanvasRenderingContext2D;

/** On a canvas as one bitmap; on any other context cell by cell. */
function paintCells(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  matrix: Matrix,
  scale: (value: number) => number,
  ramp: Ramp,
): void {
  if (isCanvas(context)) {
    context.imageSmoothingEnabled = false;
    context.drawImage(bitmap(matrix, scale, ramp), 0, 0, width, height);
    return;
  }
  const [w, h] = [width / matrix.columns, height / matrix.rows];
  for (let i = 0; i < matrix.rows * matrix.columns; i++) {
    const [r, g, b, opacity = 255] = ramp(scale(matrix.values[i]));
    context.fillStyle = `rgba(${r},${g},${b},${opacity / 255})`;
    context.fillRect((i % matrix.columns) * w, Math.floor(i / matrix.columns) * h, w, h);
  }
}

export function Heatmap({ label, read, version, scale, ramp, cell, marked, onCell, onChoose, style }: Props) {
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  const shape = useRef<Matrix | undefined>(undefined);
  usePainter(
    canvas,
    (context, width, height) => {
      const matrix = read();
      shape.current = matrix;
      if (!matrix) return;
      paintCells(context, width, height, matrix, scale, ramp);
      for (const [one, width0] of [[marked, 5] as const, [cell, 3] as const]) {
        if (!one || one.row >= matrix.rows || one.column >= matrix.columns) continue;
        const [w, h] = [width / matrix.columns, height / matrix.rows];
        for (const [line, color] of [[width0, tokens.surface] as const, [width0 / 2, tokens.ink] as const]) {
          context.lineWidth = line;
          context.strokeStyle = color;
          context.strokeRect(one.column * w + 1, one.row * h + 1, w - 2, h - 2);
        }
      }
    },
    version,
  );
  const cellAt = (event: React.PointerEvent | React.MouseEvent): Cell | undefined => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box || !shape.current) return undefined;
    const clamp = (share: number, count: number) =>
      Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    return {
      row: clamp((event.clientY - box.top) / box.height, shape.current.rows),
      column: clamp((event.clientX - box.left) / box.width, shape.current.columns),
    };
  };
  const move = (event: React.KeyboardEvent) => {
    if (!shape.current) return;
    const by: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const { rows, columns } = shape.current;
    if (event.key in by) {
      const [down, right] = by[event.key];
      const row = Math.min(rows - 1, Math.max(0, (cell?.row ?? 0) + (cell ? down : 0)));
      const column = Math.min(columns - 1, Math.max(0, (cell?.column ?? 0) + (cell ? right : 0)));
      onCell({ row, column });
    } else if (event.key === 'Escape' && cell) onCell(undefined);
    else if ((event.key === 'Enter' || event.key === ' ') && cell && onChoose) onChoose(cell);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className={css.heat}
      style={style}
      role="application"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: cells are moved through by keys
      tabIndex={0}
      onKeyDown={move}
      onPointerMove={(event) => {
        const next = cellAt(event);
        if (next?.row !== cell?.row || next?.column !== cell?.column) onCell(next);
      }}
      onPointerLeave={() => onCell(undefined)}
      onClick={(event) => {
        const here = cellAt(event);
        if (here) onChoose?.(here);
      }}
    >
      <canvas ref={canvas} className={css.canvas} />
    </div>
  );
}
