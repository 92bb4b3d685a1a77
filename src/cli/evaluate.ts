/**
 * `npm run evaluate`: retrieval and loss of an exported model on data, as JSON. Pictures are made square and normalized as the model's own
 * preprocessing says, also on other data than its own.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { baseOf, trainedOn } from '../core/edits.ts';
import { StudioError } from '../core/errors.ts';
import { adopt } from '../data/facts.ts';
import { noisy } from '../data/noise.ts';
import { prepare } from '../data/prepare.ts';
import { readBundle } from '../interchange/bundle.ts';
import { bundleFacts } from '../training/bundle.ts';
import { scoreCaptions, writeCaptions, writes } from '../training/captions.ts';
import { flatten } from '../training/checkpoint.ts';
import { Model } from '../training/model.ts';
import { layoutOf } from '../training/parameters.ts';
import { type ArgumentRules, oneOf, parseArguments, wholeNumber } from './arguments.ts';
import { executorNamed, executorRule, openInNode } from './gpu.node.ts';
import { dataRules, openData } from './openData.ts';
import { measuresOf, note, result } from './terminal.ts';

const splits = ['train', 'validation', 'test', 'all'] as const;

export const rules: ArgumentRules = {
  model: { value: 'zip', help: 'an exported model', required: true },
  ...dataRules,
  fit: { ...dataRules['fit'], help: 'how pictures are made square (as the model’s were)' },
  split: { value: splits.join('|'), help: 'which part of the data (validation)' },
  noise: { value: 'deviations', help: 'noise on pictures, sounds and tables, in their own deviations (0)' },
  pairs: { value: 'count', help: 'only the first so many pairs' },
  executor: executorRule,
};
export const summary = 'Measures an exported model on data; one line of JSON.';

export async function run(list: readonly string[]): Promise<number> {
  const given = parseArguments(list, rules);
  const split = oneOf(given.one('split') ?? 'validation', '--split', splits);
  const limit = given.has('pairs') ? wholeNumber(given.one('pairs')!, '--pairs', 1) : undefined;
  const executorName = executorNamed(given.one('executor') ?? 'webgpu');
  const path = given.one('model')!;
  const file = await readFile(path).catch((cause: unknown) => {
    throw new StudioError(
      'bad-argument',
      { argument: '--model', message: `${path} cannot be read` },
      { cause },
    );
  });
  const bundle = readBundle(basename(path), new Uint8Array(file));
  const { recipe, preprocessing } = bundle;

  const { dataset } = await openData(given, preprocessing);
  const own = trainedOn(bundle, { fingerprint: baseOf(dataset) });
  if (!own && !given.has('split')) note('not the data it was trained on: --split all measures all of it');
  // With `all`, every picture counts as one kind, whatever the files state.
  const how =
    split === 'all' ? { by: 'random' as const, validation: 0, test: 0, seed: 0 } : recipe.data.split;
  const facts = bundleFacts(bundle);
  // Other data is measured as it is: rules and edits were meant for the run's own.
  const { cleaning, edits, ...plain } = recipe.data;
  const read = { ...plain, split: how, ...(own && cleaning && { cleaning }), ...(own && edits && { edits }) };
  const clean = adopt(await prepare(dataset, read, bundle.tokenizerJson), facts);
  const noise = Number(given.one('noise') ?? 0);
  if (!(noise >= 0))
    throw new StudioError('bad-argument', {
      argument: '--noise',
      message: `“${given.one('noise')}” is not a number of at least 0`,
    });
  const data = noisy(clean, noise);
  const layout = layoutOf(recipe, facts);
  const parameters = flatten(layout, bundle.weights);
  const executor = await openInNode(executorName);
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', parameters);
  const model = new Model(executor, recipe, data, weights);
  const part = split === 'all' ? 'train' : split;
  const whole = await model.validate(part, limit);
  // Training measures the first pairs only: the same numbers again, under the same names.
  const { validatePairs } = recipe.training;
  const asTrained =
    split !== 'validation' || limit !== undefined
      ? undefined
      : whole.pairs <= validatePairs
        ? whole
        : await model.validate(part, validatePairs);
  const written = writes(model) ? await writeCaptions(model, model.pairs(part).slice(0, limit)) : undefined;
  for (const { file, text, references } of written?.slice(0, 5) ?? [])
    note(`${file}: ${text}  (${references[0]})`);
  result({
    split,
    pairs: whole.pairs,
    images: whole.images,
    loss: whole.loss,
    imageToText: whole.imageToText,
    textToImage: whole.textToImage,
    measures: whole.measures,
    ...(written && { captions: scoreCaptions(written) }),
    ...(asTrained && { val: measuresOf(asTrained), valPairs: asTrained.pairs }),
    step: bundle.step,
    trainedOnThis: own,
    adapter: executor.adapter.name,
  });
  return 0;
}
