/**
 * Where the blocks of a model stand: one lane a modality from its input down, below them what belongs to no single modality, and at the
 * foot the objectives side by side, each with what it reads.
 */
import type { Diagram } from '../../../workers/api.ts';

type Block = Diagram['blocks'][number];

export interface Placed {
  block: Block;
  x: number;
  y: number;
  width: number;
  /** Modalities that an objective or teacher reads: `image`, …, `fused`. */
  reads?: string[];
}

export interface Wire {
  /** Corners, joined by straight lines. */
  points: [number, number][];
  /** The shape that passes, and where it is written. */
  text?: { shape: string; x: number; y: number };
}

export interface Layout {
  placed: Placed[];
  wires: Wire[];
  width: number;
  height: number;
}

export const boxHeight = 36;
const gapY = 26;
const widest = 210;
/** What the column beside the form has room for. */
const room = 520;
const most = 3;

const isFused = (block: Block) => (block.modality ?? 'fused') === 'fused';
const isEnd = ({ kind }: Block) => kind === 'objective' || kind === 'teacher';

/** Wholes are shown by their parts, but for objectives and Transformer blocks, whose parts are named when chosen. */
function isShown(block: Block, blocks: readonly Block[]): boolean {
  if (block.kind === 'objective') return block.parent === undefined;
  if (block.kind === 'encoder') return false;
  if (block.id === 'fusion') return !blocks.some(({ parent }) => parent === 'fusion');
  return !block.parent?.includes('.blocks.');
}

/** What a block and its parts take from others, by modality. */
function readsOf({ id }: Block, { blocks, edges }: Diagram): string[] {
  const own = (other: string) => other === id || other.startsWith(`${id}.`);
  const found = edges
    .filter(({ from, to }) => own(to) && !own(from))
    .map(({ from }) => blocks.find((block) => block.id === from)?.modality ?? 'fused');
  return [...new Set(found)];
}

function rowOf(blocks: readonly Block[], width: number, y: number, diagram: Diagram): Placed[] {
  const gap = 14;
  const each = Math.min(widest, (width - gap * (blocks.length - 1)) / blocks.length);
  const left = (width - each * blocks.length - gap * (blocks.length - 1)) / 2;
  return blocks.map((block, column) => ({
    block,
    x: left + column * (each + gap),
    y,
    width: each,
    reads: readsOf(block, diagram),
  }));
}

export function layOut(diagram: Diagram): Layout {
  const shown = diagram.blocks.filter((block) => isShown(block, diagram.blocks));
  const lanes = [...new Set(shown.flatMap((block) => (isFused(block) ? [] : (block.modality ?? []))))];
  const narrow = lanes.length > 2;
  const gapX = narrow ? 14 : 36;
  const laneWidth = Math.min(widest, (room - gapX * (lanes.length - 1)) / Math.max(1, lanes.length));
  const roots = [...new Set(shown.filter(isEnd).map(({ id }) => id.split('.')[0]))];
  // A teacher stands before the objective that listens to it.
  const ends = roots.flatMap((root) =>
    shown
      .filter((block) => isEnd(block) && block.id.split('.')[0] === root)
      .sort((a, b) => b.id.length - a.id.length),
  );
  const columns = Math.min(most, ends.length);
  const width = Math.max(
    lanes.length * laneWidth + (lanes.length - 1) * gapX,
    columns * Math.min(widest, room / columns - 14),
    widest,
  );
  const left = (width - lanes.length * laneWidth - (lanes.length - 1) * gapX) / 2;
  const placed: Placed[] = [];
  const wires: Wire[] = [];
  const axis = ({ x, width: wide }: Placed) => (narrow ? x + 16 : x + wide / 2);
  const chain = (list: Placed[], at: (item: Placed) => number) => {
    for (const [index, item] of list.slice(0, -1).entries()) {
      const x = at(item);
      wires.push({
        points: [
          [x, item.y + boxHeight],
          [x, list[index + 1].y],
        ],
        text: { shape: item.block.output, x: x + 8, y: item.y + boxHeight + gapY / 2 + 4 },
      });
    }
  };

  let bottom = 0;
  const feet: Placed[] = [];
  for (const [column, modality] of lanes.entries()) {
    const lane = shown
      .filter((block) => block.modality === modality && !isEnd(block))
      .map((block, row) => ({
        block,
        x: left + column * (laneWidth + gapX),
        y: row * (boxHeight + gapY),
        width: laneWidth,
      }));
    chain(lane, axis);
    placed.push(...lane);
    feet.push(lane[lane.length - 1]);
    bottom = Math.max(bottom, lane.length * (boxHeight + gapY));
  }

  const column = shown
    .filter((block) => isFused(block) && !isEnd(block))
    .map((block, row) => ({
      block,
      x: (width - widest) / 2,
      y: bottom + 8 + row * (boxHeight + gapY),
      width: widest,
    }));
  const center = width / 2;
  chain(column, () => center);
  placed.push(...column);
  /** Down from the foot of a box to a height, across, and down to the top of another. */
  const join = (from: Placed, x: number, y: number, start = axis(from)) => {
    const bus = y - gapY / 2;
    wires.push({
      points: [
        [start, from.y + boxHeight],
        [start, bus],
        [x, bus],
        [x, y],
      ],
      text: { shape: from.block.output, x: start + 8, y: from.y + boxHeight + 14 },
    });
  };
  if (column.length > 0) {
    for (const foot of feet) join(foot, center, column[0].y);
    bottom = column[column.length - 1].y + boxHeight + gapY;
  }

  for (let first = 0; first < ends.length; first += most) {
    const row = rowOf(ends.slice(first, first + most), width, bottom + 8, diagram);
    placed.push(...row);
    const last = column[column.length - 1];
    for (const end of first === 0 ? row : []) {
      const middle = end.x + end.width / 2;
      if (last && end.reads?.includes('fused')) join(last, middle, end.y, center);
      if (!last)
        for (const foot of feet)
          if (end.reads?.includes(foot.block.modality ?? '')) join(foot, middle, end.y);
    }
    bottom += boxHeight + gapY;
  }
  return { placed, wires, width, height: bottom - gapY + 8 };
}
