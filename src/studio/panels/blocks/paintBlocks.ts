/** Blocks as rows, by depth under the part they are of: three bars each over logarithmic scales of their own, and a mark where something is wrong. */
import type { BlockNorms } from '../../../workers/api.ts';
import { font } from '../../charts/axis.ts';
import { fitted } from '../../charts/flame.ts';
import { fillMark } from '../../charts/marks.ts';
import type { Tokens } from '../../theme/tokens.ts';
import { groupStyle } from '../groupStyle.ts';
import type { Verdict } from './judge.ts';

export const rowHeight = 20;
const headHeight = 22;

export interface BlockRow {
  /** A part of the model, above its blocks. */
  part?: string;
  of: string;
  norms?: BlockNorms;
  verdict?: Verdict;
}

interface Column {
  name: string;
  value: (norms: BlockNorms) => number | undefined;
}

export const heightOf = (rows: readonly BlockRow[]): number => headHeight + rows.length * rowHeight + 4;

export function paintBlocks(
  context: CanvasRenderingContext2D,
  width: number,
  rows: readonly BlockRow[],
  columns: readonly Column[],
  number: (value: number | undefined) => string,
  tokens: Tokens,
): void {
  const names = Math.min(150, width * 0.3);
  const each = (width - names) / columns.length;
  context.textBaseline = 'middle';
  for (const [index, { name, value }] of columns.entries()) {
    const left = names + index * each;
    const known = rows
      .flatMap(({ norms }) => (norms && value(norms)) ?? [])
      .filter((one) => one > 0 && one < Infinity);
    const high = Math.log10(Math.max(...known, 1e-30));
    // At least three powers of ten, so that like values look alike; at most nine, so that a dead block does not flatten the rest.
    const low = Math.max(Math.min(Math.log10(Math.min(...known, Infinity)) - 0.5, high - 3), high - 9);
    context.font = font(11.5, 600);
    context.fillStyle = tokens.muted;
    context.textAlign = 'left';
    context.fillText(fitted(context, name, each - 8), left, headHeight / 2);
    context.font = font(11.5);
    for (const [place, { norms, of }] of rows.entries()) {
      const own = norms && value(norms);
      if (own === undefined) continue;
      const y = headHeight + (place + 0.5) * rowHeight;
      const room = each - 66;
      const share = own > 0 ? Math.min(1, Math.max(0, (Math.log10(own) - low) / (high - low || 1))) : 0;
      context.fillStyle = tokens.sunken;
      context.fillRect(left, y - 5, room, 10);
      context.fillStyle = groupStyle(of, tokens).color;
      context.fillRect(left, y - 5, Math.max(own > 0 ? 1 : 0, share * room), 10);
      context.fillStyle = tokens.ink;
      context.fillText(number(own), left + room + 6, y);
    }
  }
  for (const [place, { part, of, norms, verdict }] of rows.entries()) {
    const y = headHeight + (place + 0.5) * rowHeight;
    context.textAlign = 'left';
    if (part !== undefined) {
      const { color, mark } = groupStyle(of, tokens);
      context.fillStyle = color;
      fillMark(context, mark, 4, 5, y);
      context.fillStyle = tokens.ink;
      context.font = font(12, 600);
      context.fillText(fitted(context, part, names - 16), 15, y);
      continue;
    }
    context.font = font(11.5);
    context.fillStyle = tokens.ink;
    // Its own part stands above it.
    const label = norms?.block.startsWith(`${of}.`) ? norms.block.slice(of.length + 1) : norms?.block;
    context.fillText(fitted(context, (label ?? '').replace('blocks.', 'block '), names - 32), 15, y);
    if (!verdict) continue;
    context.fillStyle = verdict === 'vanishing' ? tokens.warn : tokens.error;
    context.font = font(11.5, 700);
    context.textAlign = 'right';
    context.fillText(verdict === 'vanishing' ? '▼' : '▲', names - 6, y);
  }
}
