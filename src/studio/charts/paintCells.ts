/** A matrix of coloured cells, nearest neighbour, and outlines around chosen ones. */
import type { Tokens } from '../theme/tokens.ts';
import type { Ramp } from './colors.ts';

export interface Cell {
  row: number;
  column: number;
}

export interface Matrix {
  rows: number;
  columns: number;
  values: ArrayLike<number>;
}

export interface CellsLook {
  /** Value to 0 … 1. */
  scale: (value: number) => number;
  ramp: Ramp;
  cell: Cell | undefined;
  /** A cell that stays outlined. */
  marked?: Cell;
}

function bitmap({ rows, columns, values }: Matrix, { scale, ramp }: CellsLook): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    const [r, g, b, opacity = 255] = ramp(scale(values[i]));
    image.data.set([r, g, b, opacity], i * 4);
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/** Whether it is a canvas's own, and not one that records (charts/picture.ts, testing/svgRecorder.ts). */
const isCanvas = (context: object): boolean =>
  typeof CanvasRenderingContext2D !== 'undefined' && context instanceof CanvasRenderingContext2D;

/** On a canvas as one bitmap; on any other context cell by cell. */
export function paintCells(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  matrix: Matrix,
  look: CellsLook,
  tokens: Tokens,
): void {
  const { rows, columns, values } = matrix;
  const [w, h] = [width / columns, height / rows];
  if (isCanvas(context)) {
    context.imageSmoothingEnabled = false;
    context.drawImage(bitmap(matrix, look), 0, 0, width, height);
  } else
    for (let i = 0; i < rows * columns; i++) {
      const [r, g, b, opacity = 255] = look.ramp(look.scale(values[i]));
      context.fillStyle = `rgba(${r},${g},${b},${opacity / 255})`;
      context.fillRect((i % columns) * w, Math.floor(i / columns) * h, w, h);
    }
  for (const [one, width0] of [[look.marked, 5] as const, [look.cell, 3] as const]) {
    if (!one || one.row >= rows || one.column >= columns) continue;
    for (const [line, color] of [[width0, tokens.surface] as const, [width0 / 2, tokens.ink] as const]) {
      context.lineWidth = line;
      context.strokeStyle = color;
      context.strokeRect(one.column * w + 1, one.row * h + 1, w - 2, h - 2);
    }
  }
}
