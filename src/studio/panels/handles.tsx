/** The grip that moves a panel to another one's place, and the corner that sizes it; both work with arrow keys too. */
import { IconGripVertical } from '@tabler/icons-react';
import type { RefObject } from 'react';
import { useT } from '../i18n/index.ts';
import { movePanel, type PanelItem, resizePanel } from '../state/layout.ts';
import css from './panels.module.css';

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface GripProps {
  item: PanelItem;
  index: number;
  title: string;
  disabled: boolean;
  onDragOver: (index: number | undefined) => void;
}

export function Grip({ item, index, title, disabled, onDragOver }: GripProps) {
  const t = useT();
  const under = (event: React.PointerEvent): number | undefined => {
    const found = document
      .elementFromPoint(event.clientX, event.clientY)
      ?.closest<HTMLElement>('[data-panel]');
    return found ? Number(found.dataset['panel']) : undefined;
  };
  return (
    <button
      type="button"
      className={css.grip}
      disabled={disabled}
      aria-label={t('train.panel.move', { title })}
      onKeyDown={(event) => {
        if (!(event.key in arrows)) return;
        const [right, down] = arrows[event.key];
        event.preventDefault();
        movePanel(item.id, index + right + down);
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) onDragOver(under(event));
      }}
      onPointerUp={(event) => {
        const to = under(event);
        onDragOver(undefined);
        if (to !== undefined) movePanel(item.id, to);
      }}
      onPointerCancel={() => onDragOver(undefined)}
    >
      <IconGripVertical size={15} stroke={1.6} aria-hidden />
    </button>
  );
}

interface CornerProps {
  item: PanelItem;
  title: string;
  section: RefObject<HTMLElement | null>;
}

export function Corner({ item, title, section }: CornerProps) {
  const t = useT();
  const resize = (event: React.PointerEvent) => {
    const box = section.current?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    // One column and one row, with their gap, as they stand now.
    const column = (box.width + 12) / item.columns;
    const row = (box.height + 12) / item.rows;
    resizePanel(item.id, (event.clientX - box.left + 12) / column, (event.clientY - box.top + 12) / row);
  };
  return (
    <button
      type="button"
      className={css.corner}
      aria-label={t('train.panel.size', { title })}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={resize}
      onKeyDown={(event) => {
        if (!(event.key in arrows)) return;
        const [right, down] = arrows[event.key];
        event.preventDefault();
        resizePanel(item.id, item.columns + right, item.rows + down);
      }}
    >
      <svg width="12" height="12" aria-hidden="true">
        <path d="M11 3L3 11M11 7.5L7.5 11" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
      </svg>
    </button>
  );
}
