/** The data sets kept in this browser, and which one is chosen. */
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { BuiltInEntry, DatasetSummary } from '../../workers/api.ts';
import { api } from '../app/api.ts';

interface Datasets {
  list: DatasetSummary[];
  loaded: boolean;
  selected?: string;
  /** What can be made here. */
  builtIns: BuiltInEntry[];
}

export const datasets = createStore<Datasets>()(
  persist((): Datasets => ({ list: [], loaded: false, builtIns: [] }), {
    name: 'amalgam.datasets',
    version: 1,
    partialize: ({ selected }) => ({ selected }),
  }),
);

export async function refreshDatasets(select?: string): Promise<void> {
  const list = await api().data.list();
  const wanted = select ?? datasets.getState().selected;
  const selected = list.some((item) => item.id === wanted) ? wanted : list[0]?.id;
  datasets.setState({ list, loaded: true, selected });
}

export async function loadBuiltIns(): Promise<void> {
  if (datasets.getState().builtIns.length === 0) datasets.setState({ builtIns: await api().data.builtIns() });
}

/** What the samples of a set have, all or some; sets of older versions hold pictures with captions. */
export function modalitiesOf({ having }: DatasetSummary): string[] {
  return having ? Object.keys(having) : ['image', 'text'];
}

export function selectDataset(id: string): void {
  datasets.setState({ selected: id });
}

export function selectedDataset(state: Datasets): DatasetSummary | undefined {
  return state.list.find((item) => item.id === state.selected);
}

export async function renameDataset(id: string, name: string): Promise<void> {
  await api().data.rename(id, name);
  await refreshDatasets();
}
