/**
 * Where panels stand on the Train screen: an ordered list on a 12-column grid, kept in localStorage. Order and spans
 * rather than coordinates, so that nothing can overlap and narrow screens need no layout of their own.
 */
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { FieldValues } from '../../core/fields.ts';

export interface PanelItem {
  /** Unique in the layout: one panel may stand twice with different settings. */
  id: string;
  panel: string;
  columns: number;
  rows: number;
  settings: FieldValues;
}

export const minimum = { columns: 3, rows: 4 };
export const maximum = { columns: 12, rows: 18 };

const item = (panel: string, columns: number, rows: number): PanelItem => ({
  id: panel,
  panel,
  columns,
  rows,
  settings: {},
});

export const defaultLayout: PanelItem[] = [
  item('loss', 8, 8),
  item('score', 4, 8),
  item('gradients', 6, 6),
  item('ratio', 6, 6),
  item('contribution', 6, 9),
  item('balance', 6, 9),
  item('curriculum', 6, 9),
  item('attention', 8, 9),
  item('similarity', 4, 9),
  item('samples', 12, 9),
  item('embedding', 8, 11),
  item('blocks', 4, 11),
  item('histogram', 6, 12),
  item('diagram', 6, 12),
  item('retrieval', 4, 6),
  item('learningRate', 4, 6),
  item('throughput', 4, 6),
  item('profile', 12, 10),
];

/** What version 5 brought. */
const lookers = ['samples', 'embedding', 'blocks', 'histogram', 'diagram'];

/** A layout of an earlier page with what it could not know, as the default has it, at its end. */
export const withNew = (items: readonly PanelItem[], names: readonly string[]): PanelItem[] => [
  ...items,
  ...defaultLayout.filter(({ id }) => names.includes(id) && !items.some((own) => own.id === id)),
];

export const layout = createStore<{ items: PanelItem[] }>()(
  persist(() => ({ items: defaultLayout }), {
    name: 'amalgam.layout',
    version: 5,
    // Before version 2 there was no score, before 3 no contribution and balance, before 4 no curriculum, before 5 nothing that shows blocks, tensors and samples; what lies nowhere cannot be missed.
    migrate: (kept, version) => ({
      items:
        version < 2
          ? defaultLayout
          : withNew((kept as { items: PanelItem[] }).items, [
              ...(version < 3 ? ['contribution', 'balance'] : []),
              ...(version < 4 ? ['curriculum'] : []),
              ...(version < 5 ? lookers : []),
            ]),
    }),
  }),
);

const change = (edit: (items: PanelItem[]) => PanelItem[]) =>
  layout.setState((state) => ({ items: edit(state.items) }));

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, Math.round(value)));

/** Moves a panel to the place of another one. */
export function movePanel(id: string, to: number): void {
  change((items) => moveItem(items, id, to));
}

export function moveItem(items: PanelItem[], id: string, to: number): PanelItem[] {
  const from = items.findIndex((entry) => entry.id === id);
  const target = clamp(to, 0, items.length - 1);
  if (from < 0 || from === target) return items;
  const rest = items.filter((_, i) => i !== from);
  return [...rest.slice(0, target), items[from], ...rest.slice(target)];
}

export function resizePanel(id: string, columns: number, rows: number): void {
  change((items) =>
    items.map((entry) =>
      entry.id === id
        ? {
            ...entry,
            columns: clamp(columns, minimum.columns, maximum.columns),
            rows: clamp(rows, minimum.rows, maximum.rows),
          }
        : entry,
    ),
  );
}

export function addPanel(panel: string, columns: number, rows: number): void {
  change((items) => {
    let id = panel;
    for (let n = 2; items.some((entry) => entry.id === id); n++) id = `${panel}-${n}`;
    return [...items, { id, panel, columns, rows, settings: {} }];
  });
}

/** Sets a panel's settings: those of the first that stands there, else of one that is added. @returns its id in the layout */
export function showPanel(panel: string, columns: number, rows: number, settings: FieldValues): string {
  if (!layout.getState().items.some((entry) => entry.panel === panel)) addPanel(panel, columns, rows);
  const own = layout.getState().items.find((entry) => entry.panel === panel);
  if (!own) return panel;
  setPanelSettings(own.id, { ...own.settings, ...settings });
  return own.id;
}

export function removePanel(id: string): void {
  change((items) => items.filter((entry) => entry.id !== id));
}

export function setPanelSettings(id: string, settings: FieldValues): void {
  change((items) => items.map((entry) => (entry.id === id ? { ...entry, settings } : entry)));
}

export function resetLayout(): void {
  change(() => defaultLayout);
}
