/** What the heads on the joint vector predict: one of several classes, an answer, any of several labels, a number. */
import type { Example, TaskKind } from '../../core/evaluation.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { labelScorer } from '../../evaluation/multiLabel.ts';
import { regressionScores } from '../../evaluation/regression.ts';
import { termNames } from '../../models/terms.ts';
import { Measurer } from '../measure.ts';
import type { Model } from '../model.ts';
import { modelShape } from '../shape.ts';
import { type Measured, mostExamples, type Task, type Tick } from './task.ts';
import { measuredTelling } from './telling.ts';

const kinds: Record<string, TaskKind> = {
  classification: 'classification',
  vqa: 'vqa',
  labels: 'labels',
  regression: 'regression',
};
const mains: Partial<Record<TaskKind, string>> = { vqa: 'vqa', labels: 'microF1', regression: 'mae' };

type Target = NonNullable<PreparedData['target']>;

/** Every head of a recipe; none where the data says nothing of what they predict. */
export function predictingTasks(model: Model): Task[] {
  const { recipe, data, executor, weights } = model;
  const names = termNames(recipe);
  const { target } = data;
  const heads = recipe.objectives.flatMap(({ type }, index) =>
    kinds[type] && target ? [{ term: names[index], kind: kinds[type] }] : [],
  );
  if (heads.length === 0) return [];
  const modalities = Object.keys(recipe.encoders);
  const shape = modelShape(recipe, data);
  // One graph for all looks, so that what is missing or damaged differs from the whole by nothing else.
  const measurer = new Measurer(
    executor,
    recipe,
    modalities.length > 1 ? { ...shape, missing: modalities } : shape,
    weights,
  );
  return heads.map(({ term, kind }, index) => ({
    kind,
    main: mains[kind] ?? 'accuracy',
    reads: modalities,
    withMissing: modalities.length > 1,
    async measure(changed: PreparedData, tick: Tick): Promise<Measured> {
      const own = changed.target;
      if (!own) throw new Error('the data lost its target');
      const width = kind === 'regression' ? 1 : own.classes.length;
      const output = `${term}/${kind === 'regression' ? 'value' : 'logits'}`;
      const pairs = Int32Array.from({ length: changed.pairs.count }, (_, pair) => pair).filter((pair) =>
        isKnown(own, pair),
      );
      const said = new Float32Array(pairs.length * width);
      for (let from = 0; from < pairs.length; from += measurer.batch) {
        tick(from / pairs.length);
        const part = pairs.subarray(from, from + measurer.batch);
        const answers = await measurer.answers(changed, part);
        // Rows of a device are padded to its own width.
        const stride = answers[output].length / measurer.batch;
        for (const row of part.keys())
          said.set(answers[output].subarray(row * stride, row * stride + width), (from + row) * width);
      }
      if (kind === 'regression') return numbers(changed, own, pairs, said);
      if (kind === 'labels') return labels(changed, own, pairs, said);
      const classed = Int32Array.from(pairs, (pair) => own.values[pair]);
      return measuredTelling(
        { data: changed, pairs, labels: classed, logits: said, classes: own.classes },
        kind === 'vqa',
      );
    },
    ...(index === 0 && { destroy: () => measurer.destroy() }),
  }));
}

function isKnown({ kind, values }: Target, pair: number): boolean {
  if (kind === 'labels') return true;
  return kind === 'class' ? values[pair] >= 0 : !Number.isNaN(values[pair]);
}

function numbers(data: PreparedData, target: Target, pairs: Int32Array, said: Float32Array): Measured {
  const back = (value: number) => value * target.deviation + target.mean;
  const truth = Float64Array.from(pairs, (pair) => back(target.values[pair]));
  const values = Float64Array.from(said, back);
  const mean = new Float64Array(truth.length).fill(target.mean);
  return {
    groups: pairs.map((pair) => data.pairs.sample[pair]),
    parts: [{ scores: (weights) => ({ ...regressionScores(truth, values, weights) }) }],
    main: (weights) => regressionScores(truth, values, weights).mae,
    prior: regressionScores(truth, mean).mae,
    detail: async () => {
      const error = (row: number) => Math.abs(values[row] - truth[row]);
      const order = Array.from(truth.keys()).sort((a, b) => error(b) - error(a));
      const digits = (value: number) => String(Number(value.toPrecision(5)));
      return {
        examples: order
          .slice(0, mostExamples)
          .map((row) => example(data, pairs[row], digits(values[row]), digits(truth[row]), error(row))),
        total: order.length,
      };
    },
  };
}

function labels(data: PreparedData, target: Target, pairs: Int32Array, said: Float32Array): Measured {
  const { classes, values } = target;
  const count = classes.length;
  const truth = new Float32Array(pairs.length * count);
  for (const [row, pair] of pairs.entries())
    truth.set(values.subarray(pair * count, (pair + 1) * count), row * count);
  const scorer = labelScorer(said, truth, count);
  const names = (of: (label: number) => boolean) => classes.filter((_, label) => of(label)).join(', ');
  return {
    groups: pairs.map((pair) => data.pairs.sample[pair]),
    parts: [{ scores: (weights) => ({ ...scorer(weights) }) }],
    main: (weights) => scorer(weights).microF1,
    detail: async () => {
      const wrong = (row: number) =>
        classes.reduce(
          (sum, _, label) =>
            sum + (said[row * count + label] > 0 === (truth[row * count + label] === 1) ? 0 : 1),
          0,
        );
      const order = Array.from(pairs.keys()).sort((a, b) => wrong(b) - wrong(a));
      return {
        examples: order.slice(0, mostExamples).map((row) =>
          example(
            data,
            pairs[row],
            names((label) => said[row * count + label] > 0),
            names((label) => truth[row * count + label] === 1),
            wrong(row),
          ),
        ),
        total: order.length,
      };
    },
  };
}

function example(data: PreparedData, pair: number, said: string, truth: string, figure: number): Example {
  const sample = data.pairs.sample[pair];
  const caption = data.pairs.caption[pair];
  const text: string | undefined = data.captions[sample][caption];
  return { sample, caption, file: data.files[sample], ...(text && { text }), said, truth, figure };
}
