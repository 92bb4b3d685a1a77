/** The whole evaluation of small models: what its numbers must equal, and that seeds and cancelling hold. On TensorFlow.js on the processor. */
import { expect, test } from 'vitest';
import { evaluationDefaults } from '../core/evaluation.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { evaluate } from './evaluate.ts';
import { tinyEvaluation, trainedDigits } from './testing/evaluation.ts';
import { tinyRecipe, tinySession } from './testing/tinySession.ts';

const about = { name: 'tiny', step: 3, datasetName: 'Shapes', own: true };
const options = { ...evaluationDefaults, bootstrap: 50, controls: true, robustness: true };

test('a classifier: undamaged curves, controls and examples agree with the score; without everything nothing is left', async () => {
  const session = await trainedDigits(await TfjsExecutor.create('cpu'));
  const { model } = session;
  const report = await evaluate(model, about, options);
  const [task] = report.tasks;
  expect(task.kind).toBe('classification');
  const score = (name: string) => task.parts[0].scores.find((one) => one.name === name);
  const accuracy = score('accuracy');
  // The same numbers that training's own validation gives.
  const { measures } = await model.validate('validation');
  expect(accuracy?.value).toBeCloseTo(measures['classification.accuracy'], 6);
  expect(score('logLoss')?.value).toBeCloseTo(measures['classification.loss'], 4);
  expect(accuracy?.low).toBeLessThanOrEqual(accuracy?.value ?? 0);
  expect(accuracy?.high).toBeGreaterThanOrEqual(accuracy?.value ?? 1);
  expect(task.examples).toHaveLength(report.data.samples);
  expect(task.confusion?.reduce((a, b) => a + b, 0)).toBe(report.data.pairs);

  const curves = report.robustness ?? [];
  expect(curves.map(({ damage, modality }) => `${damage} ${modality}`)).toEqual([
    'noise image',
    'noise audio',
    'blur image',
    'cutout image',
    'missing image',
    'missing audio',
  ]);
  for (const { points } of curves) expect(points[0].score).toMatchObject({ value: accuracy?.value });
  const control = (kind: string, modality?: string) =>
    report.controls?.find((one) => one.kind === kind && one.modality === modality)?.score.value;
  expect(control('all')).toBe(accuracy?.value);
  // The picture alone is what is left when the sound is missing everywhere.
  const gone = curves.find(({ damage, modality }) => damage === 'missing' && modality === 'audio');
  expect(control('alone', 'image')).toBe(gone?.points.at(-1)?.score.value);
  session.destroy();
});

test('a two-tower model: both ways as validation says; shuffled pairs leave chance; the same seed repeats it', async () => {
  const { session } = await tinySession(await TfjsExecutor.create('cpu'), tinyRecipe());
  await session.prepare();
  for (let step = 0; step < 3; step++) await session.stepOnce();
  const zeroShot = { classes: ['red circle', 'blue square'], templates: ['a {}', '{}'] };
  const report = await evaluate(session.model, about, { ...options, robustness: false, zeroShot });
  const retrieval = report.tasks.find(({ kind }) => kind === 'retrieval');
  const validation = await session.model.validate('validation');
  for (const [place, way] of [validation.imageToText, validation.textToImage].entries())
    for (const name of ['r1', 'r5', 'r10', 'medianRank'] as const)
      expect(retrieval?.parts[place].scores.find((one) => one.name === name)?.value).toBe(way?.[name]);
  const shuffled = report.controls?.filter(({ kind, task }) => kind === 'shuffled' && task === 'retrieval');
  expect(shuffled).toHaveLength(2);
  for (const { score } of shuffled ?? [])
    expect(score.value).toBeLessThan((score.chance ?? 0) + 4 * Math.sqrt((score.chance ?? 0) / score.n));
  // Nothing is known of these classes: everything is answered, nothing scored.
  const zero = report.tasks.find(({ kind }) => kind === 'zero-shot');
  expect(zero?.parts[0].scores).toEqual([]);
  expect(zero?.answered?.reduce((sum, { count }) => sum + count, 0)).toBe(report.data.samples);

  const again = await evaluate(session.model, about, { ...options, robustness: false, zeroShot });
  expect({ ...again, createdAt: 0, took: 0 }).toEqual({ ...report, createdAt: 0, took: 0 });
  session.destroy();
});

test('cancelled work says so', async () => {
  const { session } = await tinySession(await TfjsExecutor.create('cpu'), tinyRecipe());
  await session.prepare();
  const stop = new AbortController();
  const cancelled = evaluate(session.model, about, options, {
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  session.destroy();
});

test('a small classifier has the figures that are stored, which Chromium on WebGPU has too (evaluate.gpu.test.ts)', async () => {
  const { found, expected } = await tinyEvaluation(await TfjsExecutor.create('cpu'));
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) expect(found[name], name).toBeCloseTo(value, 4);
});
