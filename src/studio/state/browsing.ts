/** How the chosen data set is looked through: as a grid, a list or statistics, which samples, and the one that is open. */
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { DatasetSummary, SampleFilter } from '../../workers/api.ts';
import { modalitiesOf } from './datasets.ts';

export const views = ['grid', 'list', 'statistics'] as const;
export type View = (typeof views)[number];
export const cellSizes = ['small', 'medium', 'large'] as const;
export type CellSize = (typeof cellSizes)[number];

interface Browsing {
  /** Absent until a person chooses one. */
  view?: View;
  cell: CellSize;
  filter: SampleFilter;
  /** Place of the open sample among those that the filter finds. */
  open?: number;
}

export const browsing = createStore<Browsing>()(
  persist((): Browsing => ({ cell: 'medium', filter: {} }), {
    name: 'amalgam.browsing',
    version: 1,
    partialize: ({ view, cell }) => ({ view, cell }),
  }),
);
const setState = (change: Partial<Browsing> | ((state: Browsing) => Partial<Browsing>)): void => {
  browsing.setState(change);
};

/** Sounds and rows are more than a small picture can tell. */
export function viewOf(view: View | undefined, dataset: DatasetSummary): View {
  const having = modalitiesOf(dataset);
  return view ?? (having.includes('audio') || having.includes('table') ? 'list' : 'grid');
}

export const setView = (view: View): void => setState({ view });
export const setCell = (cell: CellSize): void => setState({ cell });

/** A filter that is `undefined` is off. */
export function setFilter(change: Partial<SampleFilter>): void {
  setState(({ filter }) => {
    const next = { ...filter, ...change };
    const on = Object.entries(next).filter(
      ([, value]) => value !== undefined && value !== false && value !== '',
    );
    return { filter: Object.fromEntries(on), open: undefined };
  });
}

export const clearFilter = (): void => setState({ filter: {}, open: undefined });
export const openPlace = (open: number | undefined): void => setState({ open });
