/**
 * A flame view's geometry and its painting: rows from the whole down to the parts, widths by time. One cell may fill the width; those around it
 * then stand above it at full width, as the way back.
 */
import { type HierarchyRectangularNode, hierarchy, partition } from 'd3';
import type { BlockTime } from '../../core/profile.ts';
import { modalityStyle, type Tokens } from '../theme/tokens.ts';
import { font } from './axis.ts';

/** Pixels of a row. */
export const rowHeight = 24;

export type Cell = HierarchyRectangularNode<BlockTime>;

/** Cells with x from 0 to 1, siblings in their own order. */
export function layoutFlame(root: BlockTime): Cell {
  const tree = hierarchy(root, ({ children }) => children).sum(({ children, nanoseconds }) =>
    children.length > 0 ? 0 : nanoseconds,
  );
  return partition<BlockTime>()(tree);
}

export interface Shown {
  cell: Cell;
  /** 0 … 1 of the width. */
  from: number;
  to: number;
}

/** What is on screen while `focus` fills the width: what is around it and what is in it. */
export function shownCells(focus: Cell): Shown[] {
  const around = focus.ancestors().map((cell) => ({ cell, from: 0, to: 1 }));
  const width = focus.x1 - focus.x0;
  if (width <= 0) return around;
  const inside = focus.descendants().slice(1);
  return [
    ...around,
    ...inside.map((cell) => ({ cell, from: (cell.x0 - focus.x0) / width, to: (cell.x1 - focus.x0) / width })),
  ];
}

export const findCell = (root: Cell, id: string | undefined): Cell | undefined =>
  id === undefined ? undefined : root.find(({ data }) => data.id === id);

/** Where the arrow keys lead from a cell; undefined where there is nothing. */
export function neighbour(cell: Cell, key: string): Cell | undefined {
  if (key === 'ArrowUp') return cell.parent ?? undefined;
  if (key === 'ArrowDown') return cell.children?.[0];
  const siblings = cell.parent?.children ?? [cell];
  return siblings[siblings.indexOf(cell) + (key === 'ArrowLeft' ? -1 : 1)];
}

/** The hue of the block directly under the whole: a modality's, the fused one's, or none for the optimizer and the whole. */
function colorOf(cell: Cell, tokens: Tokens): string {
  const top = cell.ancestors().at(-2);
  if (!top || top.data.name === 'optimizer' || top.data.children.length === 0) return tokens.lineStrong;
  return tokens[modalityStyle(top.data.name).color];
}

export function paintFlame(
  context: CanvasRenderingContext2D,
  width: number,
  shown: readonly Shown[],
  marked: Cell | undefined,
  tokens: Tokens,
): void {
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.font = font(12);
  let outline: [number, number, number, number] | undefined;
  for (const { cell, from, to } of shown) {
    const x = from * width;
    const span = (to - from) * width;
    if (span < 0.4) continue;
    const y = cell.depth * rowHeight;
    // A kernel is paler than the blocks around it.
    context.globalAlpha = cell.children ? 0.36 : 0.18;
    context.fillStyle = colorOf(cell, tokens);
    context.fillRect(x, y, Math.max(0.5, span - 1), rowHeight - 1);
    context.globalAlpha = 1;
    if (cell === marked) outline = [x + 0.75, y + 0.75, Math.max(1, span - 2.5), rowHeight - 2.5];
    if (span < 28) continue;
    context.fillStyle = tokens.ink;
    context.fillText(fitted(context, cell.data.name, span - 11), x + 5, y + rowHeight / 2);
  }
  if (!outline) return;
  context.lineWidth = 1.5;
  context.strokeStyle = tokens.ink;
  context.strokeRect(...outline);
}

/** As much of the text as fits, with an ellipsis. */
export function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return low > 0 ? `${text.slice(0, low)}…` : '';
}
