/** A small classifier of digits, trained for four steps, and the figures of its evaluation by name: the same wherever it runs. `expected` is what Node gave (TensorFlow.js on the processor). */
import digitsRecipe from '../../../recipes/digits.json' with { type: 'json' };
import { type Evaluation, evaluationDefaults } from '../../core/evaluation.ts';
import { parseRecipe } from '../../core/recipe.ts';
import { prepare } from '../../data/prepare.ts';
import { digits } from '../../data/synthetic/digits.ts';
import type { Executor } from '../../engine/executor.ts';
import { evaluate } from '../evaluate.ts';
import type { Session } from '../session.ts';
import expected from './evaluation.json' with { type: 'json' };
import { tinySession } from './tinySession.ts';

export async function trainedDigits(executor: Executor): Promise<Session> {
  const recipe = parseRecipe({
    ...digitsRecipe,
    encoders: {
      image: { type: 'vit', patch: 14, width: 16, depth: 1, heads: 2 },
      audio: { type: 'audio', width: 16, depth: 1, heads: 2, mlp: 2 },
    },
    fusion: { type: 'late', width: 16, combine: 'gate' },
    data: { ...digitsRecipe.data, split: { ...digitsRecipe.data.split, by: 'random' } },
    training: { ...digitsRecipe.training, batch: 8, steps: 40, validateEvery: 1000, checkpointEvery: 1000 },
  });
  const data = await prepare(await digits.make({ count: 80 }), recipe.data);
  const { session } = await tinySession(executor, recipe, { data });
  await session.prepare();
  for (let step = 0; step < 4; step++) await session.stepOnce();
  return session;
}

/** Scores with their intervals, controls and curves, by name. */
export async function tinyEvaluation(executor: Executor) {
  const session = await trainedDigits(executor);
  const about = { name: 'tiny', step: 4, datasetName: 'Digits', own: true };
  const options = {
    ...evaluationDefaults,
    bootstrap: 50,
    robustness: true,
    frechet: { split: 'train' as const },
  };
  const report = await evaluate(session.model, about, options);
  session.destroy();
  return { found: figuresOf(report), expected: expected as Record<string, number> };
}

function figuresOf({ tasks, controls = [], robustness = [], frechet }: Evaluation): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { key, parts } of tasks)
    for (const { name, value, low = 0, high = 0 } of parts[0].scores)
      Object.assign(found, {
        [`${key}.${name}`]: value,
        [`${key}.${name}.low`]: low,
        [`${key}.${name}.high`]: high,
      });
  for (const { kind, modality = '', score } of controls) found[`${kind} ${modality}`] = score.value;
  for (const { damage, modality, points } of robustness)
    for (const { strength, score } of points) found[`${damage} ${modality} ${strength}`] = score.value;
  for (const { modality, distance } of frechet?.results ?? []) found[`frechet ${modality}`] = distance;
  return found;
}
