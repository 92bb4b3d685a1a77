/** An evaluation for a terminal: scores with their intervals, controls and curves; of the examples only the worst. */
import type { Evaluation } from '../core/evaluation.ts';

const shown = 5;

export function summarized({
  tasks,
  undone,
  made,
  controls,
  robustness,
  frechet,
  data,
  options,
  took,
}: Evaluation) {
  return {
    data: { name: data.name, fingerprint: data.fingerprint },
    tasks: tasks.map(({ examples, classes, ...rest }) => ({
      ...rest,
      ...(classes && { classes }),
      worst: examples.slice(0, shown).map(({ picture: _, ...one }) => one),
    })),
    ...(undone && { undone }),
    ...(controls && { controls }),
    ...(robustness && { robustness }),
    ...(frechet && { frechet }),
    options,
    took,
    made,
  };
}
