/**
 * What the engine finds in the open run, and what the person did with it: a finding that was dismissed stays so for the run, one whose change was made waits
 * to be seen resolved. Kept for the last runs, in localStorage.
 */
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { Finding } from '../../workers/api.ts';

interface Handled {
  dismissed: string[];
  /** Changes that were made, by finding. */
  applied: string[];
}

interface Findings {
  list: Finding[];
  /** By run, the latest last. */
  handled: [run: string, handled: Handled][];
}

const mostRuns = 50;

export const findings = createStore<Findings>()(
  persist((): Findings => ({ list: [], handled: [] }), {
    name: 'amalgam.findings',
    version: 1,
    partialize: ({ handled }) => ({ list: [], handled }),
  }),
);

export function setFindings(list: Finding[]): void {
  findings.setState({ list });
}

const nothing: Handled = { dismissed: [], applied: [] };
const handledOf = ({ handled }: Findings, run: string): Handled =>
  handled.find(([id]) => id === run)?.[1] ?? nothing;

function handle(run: string, how: keyof Handled, key: string): void {
  findings.setState((state) => {
    const own = handledOf(state, run);
    const others = state.handled.filter(([id]) => id !== run);
    const next: [string, Handled] = [run, { ...own, [how]: [...new Set([...own[how], key])] }];
    return { handled: [...others, next].slice(-mostRuns) };
  });
}

export const dismissFinding = (run: string, key: string): void => handle(run, 'dismissed', key);
export const markApplied = (run: string, key: string): void => handle(run, 'applied', key);

/** Findings of a run that are not dismissed. */
export const shownFindings = (state: Findings, run: string | undefined): Finding[] =>
  run ? state.list.filter(({ key }) => !handledOf(state, run).dismissed.includes(key)) : [];

export const isApplied = (state: Findings, run: string, key: string): boolean =>
  handledOf(state, run).applied.includes(key);
