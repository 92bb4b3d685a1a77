/** How the Runs screen lists its runs; kept over reloads, but for what is searched. */
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';

export const runColumns = ['name', 'state', 'step', 'loss', 'val', 'score', 'data', 'created'] as const;
export type RunColumn = (typeof runColumns)[number];
export type RunsLayout = 'seeds' | 'tree' | 'list';

export interface RunsView {
  layout: RunsLayout;
  sort: { column: RunColumn; down: boolean };
  /** Words that a run must have in name, note, tags or data. */
  query: string;
  /** Tags that a run must have. */
  tags: string[];
  /** Groups that are open, and runs whose branches are folded away. */
  open: string[];
  folded: string[];
}

export const runsView = createStore<RunsView>()(
  persist(
    (): RunsView => ({
      layout: 'seeds',
      sort: { column: 'created', down: true },
      query: '',
      tags: [],
      open: [],
      folded: [],
    }),
    {
      name: 'amalgam.runs',
      version: 1,
      partialize: ({ layout, sort, open, folded }) => ({ layout, sort, open, folded }),
    },
  ),
);

const toggled = (list: string[], one: string) =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one];

export const toggleTag = (tag: string) => runsView.setState(({ tags }) => ({ tags: toggled(tags, tag) }));
export const toggleGroup = (key: string) => runsView.setState(({ open }) => ({ open: toggled(open, key) }));
export const toggleBranches = (run: string) =>
  runsView.setState(({ folded }) => ({ folded: toggled(folded, run) }));

/** The first press shows the most, the newest or the first name on top. */
export const sortBy = (column: RunColumn) =>
  runsView.setState(({ sort }) => ({
    sort: {
      column,
      down: sort.column === column ? !sort.down : !['name', 'state', 'data'].includes(column),
    },
  }));
