/** How long the trials of a comparison or a sweep will still take, from what they took so far. */

interface Underway {
  /** Trials done, and in all. */
  done: number;
  total: number;
  /** Of the trial under way. */
  step: number;
  steps: number;
}

/** Of all trials, 0 … 1. */
export const shareDone = ({ done, total, step, steps }: Underway) => (done + step / steps) / total;

/** Takes one progress after another and says the seconds left, once they can be told. */
export function trialClock(now: () => number = () => performance.now()) {
  let first: { at: number; done: number } | undefined;
  return (progress: Underway): number | undefined => {
    const done = progress.done + progress.step / progress.steps;
    const at = now();
    // The first step compiles and says nothing of how long the others take.
    if (!first && progress.step > 0) first = { at, done };
    const gone = first && done - first.done;
    return first && gone ? (((at - first.at) / gone) * (progress.total - done)) / 1000 : undefined;
  };
}
