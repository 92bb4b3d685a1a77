/**
 * Undo and redo over one value. Changes within 200 ms of each other (dragging a slider, typing a number) are one
 * step back; at most 100 steps are kept. Idea: the HistoryManager of Embedding Atlas.
 */
export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  /** When the present was last written, milliseconds. */
  changedAt: number;
}

const DEBOUNCE = 200;
const CAP = 100;

export function newHistory<T>(present: T): History<T> {
  return { past: [], present, future: [], changedAt: Number.NEGATIVE_INFINITY };
}

export function record<T>(history: History<T>, next: T, now: number): History<T> {
  if (Object.is(next, history.present)) return history;
  const merge = now - history.changedAt < DEBOUNCE && history.past.length > 0 && history.future.length === 0;
  return {
    past: merge ? history.past : [...history.past, history.present].slice(-CAP),
    present: next,
    future: [],
    changedAt: now,
  };
}

export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    changedAt: Number.NEGATIVE_INFINITY,
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...rest] = history.future;
  if (next === undefined) return history;
  return {
    past: [...history.past, history.present],
    present: next,
    future: rest,
    changedAt: Number.NEGATIVE_INFINITY,
  };
}
