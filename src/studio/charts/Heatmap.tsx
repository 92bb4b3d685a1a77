/**
 * A matrix of coloured cells, nearest neighbour, as large as fits. The pointer or the arrow keys choose a cell;
 * whoever uses it says what the cell means.
 */
import { useRef } from 'react';
import { useTokens } from '../theme/useTokens.ts';
import css from './charts.module.css';
import { type Cell, type CellsLook, type Matrix, paintCells } from './paintCells.ts';
import { usePainter } from './usePainter.ts';

export type { Cell, Matrix } from './paintCells.ts';

interface Props extends CellsLook {
  label: string;
  read: () => Matrix | undefined;
  version: () => unknown;
  onCell: (cell: Cell | undefined) => void;
  onChoose?: (cell: Cell) => void;
  style?: React.CSSProperties;
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
      paintCells(context, width, height, matrix, { scale, ramp, cell, marked }, tokens);
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
