/**
 * What the engine finds in the open run, and what the person did with it: a finding that was dismissed stays so for the run, one whose change was made waits
 * to be seen resolved. Kept for the last runs, in localStorage.
 */
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { Finding } from '../../workers/api.ts';
import { changes } from './changes.ts';

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

/** The findings of the open run as they are now. A change that was made for one that is resolved is done with. */
export function setFindings(list: Finding[], run?: string): void {
  findings.setState({ list });
  const resolved = list.filter((finding) => finding.resolved).map(({ key }) => key);
  if (run && resolved.length > 0) forget(run, (key) => resolved.includes(key));
}

/** Changes of a run that were made for findings are no longer so. */
export function forget(run: string, which: (key: string) => boolean = () => true): void {
  findings.setState(({ handled }) => ({
    handled: handled.map(([id, own]): [string, Handled] => [
      id,
      id === run ? { ...own, applied: own.applied.filter((key) => !which(key)) } : own,
    ]),
  }));
}

// What was taken back can be made again.
changes.subscribe(({ last }, before) => {
  if (last?.undone && last !== before.last && last.run) forget(last.run);
});

export const dismissFinding = (run: string, key: string): void => handle(run, 'dismissed', key);
export const markApplied = (run: string, key: string): void => handle(run, 'applied', key);

/** Findings of a run that are not dismissed. */
export const shownFindings = (state: Findings, run: string | undefined): Finding[] =>
  run ? state.list.filter(({ key }) => !handledOf(state, run).dismissed.includes(key)) : [];

export const isApplied = (state: Findings, run: string, key: string): boolean =>
  handledOf(state, run).applied.includes(key);
