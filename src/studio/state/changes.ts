/**
 * Changes by hand at the open run, with undo: each that came into force can be taken back, which sends the values of before as another change, and made
 * again, after a reload too. One is made ready at a time; training goes on meanwhile.
 */
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { Change } from '../../core/controls.ts';
import type { StudioError } from '../../core/errors.ts';

/** One step back. */
export interface Done {
  change: Change;
  inverse: Change;
}

interface Changes {
  /** The run whose changes these are. */
  run?: string;
  /** What is being made ready, in words. */
  preparing?: { words: string[]; compiles: boolean };
  /** What came into force last: with it the step, and whether it was taken back. */
  last?: { run?: string; step: number; words: string[]; undone: boolean };
  /** Why the last one was refused. */
  error?: StudioError;
  past: readonly Done[];
  future: readonly Done[];
}

export const changes = createStore<Changes>()(
  persist((): Changes => ({ past: [], future: [] }), {
    name: 'amalgam.changes',
    version: 1,
    partialize: ({ run, past, future }) => ({ run, past, future }),
  }),
);

/** Another run has a past of its own; the same one opened again, as after a reload, has the one it had. */
export const ofRun = (
  state: Pick<Changes, 'run' | 'past' | 'future'>,
  run: string | undefined,
): Partial<Changes> =>
  run === undefined || run === state.run
    ? { error: undefined, last: undefined }
    : { run, past: [], future: [], error: undefined, last: undefined };

/**
 * Undo or redo, as a step that waits for its turn: what it means is known only when all that was pressed before has settled.
 * @param may whether the run takes changes then
 * @returns whether there was anything to do, and it came into force
 */
export const pressed =
  (how: 'undo' | 'redo', may: () => boolean, send: (done: Done) => Promise<boolean>) =>
  async (): Promise<boolean> => {
    const { past, future } = changes.getState();
    const done = how === 'undo' ? past.at(-1) : future[0];
    return done !== undefined && may() && send(done);
  };

const mostSteps = 100;

/** @param how `do`: something new; `undo`, `redo`: the newest of the past or the first of the future moved over */
export function moved(
  { past, future }: Pick<Changes, 'past' | 'future'>,
  done: Done,
  how: 'do' | 'undo' | 'redo',
): Pick<Changes, 'past' | 'future'> {
  if (how === 'undo') return { past: past.slice(0, -1), future: [done, ...future] };
  const next = [...past, done].slice(-mostSteps);
  return { past: next, future: how === 'redo' ? future.slice(1) : [] };
}
