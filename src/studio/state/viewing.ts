/**
 * The moment that all panels show: now, or a saved step of the open run; and a run that is shown beside it, at the same step. What looks at a model
 * (state/looking.ts) asks for it; curves mark it with the cursor that they share.
 */
import { createStore } from 'zustand/vanilla';
import { setCursor } from './cursor.ts';
import { session } from './session.ts';
import type { Viewing } from './views.ts';

export const viewing = createStore<Viewing>(() => ({}));

export function viewStep(step: number | undefined): void {
  viewing.setState({ step });
  setCursor(step === undefined ? { pinned: false } : { step, pinned: true });
}

export const viewBeside = (beside: string | undefined): void => viewing.setState({ beside });

let open = session.getState().run;
session.subscribe(({ run }) => {
  if (run === open) return;
  open = run;
  viewing.setState({}, true);
});
