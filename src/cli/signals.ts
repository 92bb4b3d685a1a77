/**
 * Ctrl+C and `kill` ask a run to stop after the steps that are under way. One press may arrive several times (from the terminal and from
 * npm, which passes it on); only one that comes later ends the program at once.
 */
import { note } from './terminal.ts';

type Signal = 'SIGINT' | 'SIGTERM';
/** Milliseconds in which a signal counts as the same press. */
const samePress = 1000;

/** Calls `stop` once. `end` takes the handlers off and says which signal came. */
export function onSignal(
  stop: () => void,
  says = 'stopping after the steps under way; a checkpoint is kept',
): { end(): Signal | undefined } {
  let came: { signal: Signal; at: number } | undefined;
  const handle = (signal: Signal) => {
    const now = performance.now();
    if (came && now - came.at > samePress) process.exit(signal === 'SIGINT' ? 130 : 143);
    if (came) return;
    came = { signal, at: now };
    note(says);
    stop();
  };
  const signals: Signal[] = ['SIGINT', 'SIGTERM'];
  for (const signal of signals) process.on(signal, handle);
  return {
    end() {
      for (const signal of signals) process.off(signal, handle);
      return came?.signal;
    },
  };
}
