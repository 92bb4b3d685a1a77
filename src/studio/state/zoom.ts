/** The steps that every curve shows: all of them, or a part that was chosen on one of them. */
import { createStore } from 'zustand/vanilla';
import { session } from './session.ts';

export interface Span {
  from: number;
  to: number;
}

export const zoom = createStore<{ span?: Span }>(() => ({}));

export const showSpan = (span: Span | undefined): void => zoom.setState({ span });

/** A span by a factor, around a step, within what there is; nothing where that is all of it. */
export function scaled(span: Span, factor: number, around: number, whole: Span): Span | undefined {
  const length = (span.to - span.from) * factor;
  if (length >= whole.to - whole.from) return undefined;
  const share = span.to > span.from ? (around - span.from) / (span.to - span.from) : 0.5;
  const from = Math.min(Math.max(whole.from, around - share * length), whole.to - length);
  // Two steps are the least that makes a line.
  return length < 2 ? span : { from: Math.round(from), to: Math.round(from + length) };
}

let open = session.getState().run;
session.subscribe(({ run }) => {
  if (run === open) return;
  open = run;
  showSpan(undefined);
});
