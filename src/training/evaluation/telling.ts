/** What is shown of a classifier, whatever gives its logits: scores, confusion, reliability, and every sample with what it was taken for. */
import type { Example, TaskResult } from '../../core/evaluation.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { calibrationError, reliability } from '../../evaluation/calibration.ts';
import {
  answersOf,
  classFigures,
  classificationScorer,
  confusion,
  predictions,
} from '../../evaluation/classification.ts';
import { vqaAccuracy } from '../../evaluation/vqaAccuracy.ts';
import { type Measured, mostExamples, weighted } from './task.ts';

export interface Told {
  data: PreparedData;
  /** Of each row whose class is known. */
  pairs: Int32Array;
  labels: Int32Array;
  /** rows × classes */
  logits: Float32Array;
  classes: readonly string[];
}

/** More classes are not drawn as a matrix. */
const mostClasses = 200;
/** Rankings are resampled up to so many classes × rows. */
const mostRanked = 100_000;

/** @param answering also scores what the answers say, as the VQA evaluation does */
export function measuredTelling(told: Told, answering = false): Measured {
  const { data, pairs, labels, classes } = told;
  const count = classes.length;
  const of = predictions(told.logits, labels, count);
  const scorer = classificationScorer(of);
  const answers = answersOf(of);
  const agreed = answering
    ? Float64Array.from(labels, (label, row) => vqaAccuracy(classes[answers[row]], [classes[label]]))
    : undefined;
  const vqa = (weights?: Float64Array) => weighted(agreed ?? new Float64Array(), weights);
  const right = Float64Array.from(labels, (label, row) => (answers[row] === label ? 1 : 0));
  const cheap = count * labels.length <= mostRanked;
  const scores = (weights?: Float64Array): Record<string, number> => ({
    ...(answering && { vqa: vqa(weights) }),
    ...scorer(weights, weights === undefined || cheap),
    ece: calibrationError(reliability(of, weights)),
  });
  const chance = {
    accuracy: 1 / count,
    top5: Math.min(1, 5 / count),
    balancedAccuracy: 1 / count,
    rocAuc: 0.5,
    ...(answering && { vqa: 1 / count }),
  };
  const largest = Math.max(
    0,
    ...classFigures(confusion(labels, answers, count), count).map((one) => one.count),
  );
  return {
    groups: pairs.map((pair) => data.pairs.sample[pair]),
    parts: [{ scores, chance }],
    main: (weights) => (answering ? vqa(weights) : weighted(right, weights)),
    mainChance: 1 / count,
    prior: labels.length > 0 ? largest / labels.length : Number.NaN,
    detail: async () => detail(told, of, answers, answering),
  };
}

function detail(
  { data, pairs, labels, classes }: Told,
  of: ReturnType<typeof predictions>,
  answers: Int32Array,
  answering: boolean,
): Omit<TaskResult, 'key' | 'kind' | 'main' | 'parts'> {
  const count = classes.length;
  const matrix = confusion(labels, answers, count);
  const share = (row: number, c: number) => of.shares[row * count + c];
  // What was wrongly believed most, first.
  const certainty = (row: number) =>
    answers[row] === labels[row] ? share(row, labels[row]) : -share(row, answers[row]);
  const order = Array.from(labels.keys()).sort((a, b) => certainty(a) - certainty(b));
  const shown =
    order.length > mostExamples ? [...order.slice(0, mostExamples - 100), ...order.slice(-100)] : order;
  return {
    classes: classFigures(matrix, count).map((figures, c) => ({ name: classes[c], ...figures })),
    ...(count <= mostClasses && { confusion: [...matrix] }),
    reliability: reliability(of),
    examples: shown.map((row): Example => {
      const sample = data.pairs.sample[pairs[row]];
      const caption = data.pairs.caption[pairs[row]];
      const text: string | undefined = data.captions[sample][caption];
      return {
        sample,
        caption,
        file: data.files[sample],
        ...(text !== undefined && (answering || data.size === 0 || text !== '') && { text }),
        said: classes[answers[row]],
        truth: classes[labels[row]],
        figure: share(row, answers[row]),
      };
    }),
    total: labels.length,
  };
}
