/** A flame view: pointer or arrow keys choose a cell, a press or Enter enlarges it, one above or Escape goes back. */
import { useMemo, useRef, useState } from 'react';
import type { BlockTime } from '../../core/profile.ts';
import { useTokens } from '../theme/useTokens.ts';
import css from './charts.module.css';
import { type Cell, findCell, layoutFlame, neighbour, paintFlame, rowHeight, shownCells } from './flame.ts';
import { usePainter } from './usePainter.ts';

interface Props {
  label: string;
  root: BlockTime;
  /** Said of the chosen cell. */
  describe: (block: BlockTime) => string;
  /** Said while none is chosen. */
  hint: string;
}

export function Flame({ label, root, describe, hint }: Props) {
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  const tree = useMemo(() => layoutFlame(root), [root]);
  const [focusId, setFocus] = useState<string>();
  const [cellId, setCell] = useState<string>();
  const focus = findCell(tree, focusId) ?? tree;
  const shown = useMemo(() => shownCells(focus), [focus]);
  const cell = findCell(tree, cellId);
  usePainter(
    canvas,
    (context, width) => paintFlame(context, width, shown, cell, tokens),
    () => tree,
  );
  const cellAt = (event: React.MouseEvent): Cell | undefined => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return undefined;
    const depth = Math.floor((event.clientY - box.top) / rowHeight);
    const share = (event.clientX - box.left) / box.width;
    return shown.find((one) => one.cell.depth === depth && one.from <= share && share < one.to)?.cell;
  };
  const move = (event: React.KeyboardEvent) => {
    if (event.key.startsWith('Arrow')) {
      const next = cell ? neighbour(cell, event.key) : focus;
      if (next) setCell(next.data.id);
      // What is chosen must be on screen.
      if (next && !shown.some((one) => one.cell === next)) setFocus(next.parent?.data.id);
    } else if ((event.key === 'Enter' || event.key === ' ') && cell) setFocus(cell.data.id);
    else if (event.key === 'Escape' && (focus.parent || cell)) {
      if (focus.parent) setFocus(focus.parent.data.id);
      else setCell(undefined);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div
        className={css.heat}
        style={{ height: (tree.height + 1) * rowHeight, flex: 'none', cursor: 'pointer' }}
        role="application"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: cells are moved through by keys
        tabIndex={0}
        onKeyDown={move}
        onPointerMove={(event) => setCell(cellAt(event)?.data.id)}
        onPointerLeave={() => setCell(undefined)}
        onClick={(event) => {
          const here = cellAt(event);
          if (here) setFocus(here.data.id);
        }}
      >
        <canvas ref={canvas} className={css.canvas} />
      </div>
      <p className={css.said} aria-live="polite">
        {cell ? describe(cell.data) : hint}
      </p>
    </>
  );
}
