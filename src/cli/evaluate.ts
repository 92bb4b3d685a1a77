/**
 * `npm run evaluate`: everything that can be measured of an exported model on data, as JSON, and as a report for people. Pictures are made square and normalized as the model's own
 * preprocessing says, also on other data than its own.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { baseOf, trainedOn } from '../core/edits.ts';
import { StudioError } from '../core/errors.ts';
import { errorText } from '../core/errorTexts.ts';
import { type EvaluationOptions, evaluationDefaults, promptTemplates } from '../core/evaluation.ts';
import { adopt, asked } from '../data/facts.ts';
import { noisy } from '../data/noise.ts';
import { prepare } from '../data/prepare.ts';
import { encodePngInNode } from '../data/writers/png.node.ts';
import { readBundle } from '../interchange/bundle.ts';
import { curvesOf, reportHtml } from '../interchange/report.ts';
import { bundleFacts } from '../training/bundle.ts';
import { flatten } from '../training/checkpoint.ts';
import { evaluate } from '../training/evaluate.ts';
import { Model } from '../training/model.ts';
import { layoutOf } from '../training/parameters.ts';
import { type ArgumentRules, type Arguments, oneOf, parseArguments, wholeNumber } from './arguments.ts';
import { executorNamed, executorRule, openInNode } from './gpu.node.ts';
import { dataRules, openData } from './openData.ts';
import { summarized } from './summarized.ts';
import { measuresOf, note, progress, result } from './terminal.ts';

const splits = ['train', 'validation', 'test', 'all'] as const;

export const rules: ArgumentRules = {
  model: { value: 'zip', help: 'an exported model', required: true },
  ...dataRules,
  data: { ...dataRules['data'], positional: true },
  fit: { ...dataRules['fit'], help: 'how pictures are made square (as the model’s were)' },
  split: { value: splits.join('|'), help: 'which part of the data (validation)' },
  noise: { value: 'deviations', help: 'noise on pictures, sounds and tables, in their own deviations (0)' },
  pairs: { value: 'count', help: 'only the first so many pairs' },
  bootstrap: {
    value: 'draws',
    help: `draws behind the 95 % intervals; 0 for none (${evaluationDefaults.bootstrap})`,
  },
  seed: { value: 'number', help: 'of the bootstrap, shuffles and damages (0)' },
  controls: { help: 'also each modality alone, and dealt out anew among the samples' },
  robustness: { help: 'also on noise, blur, holes, dropped words and missing modalities, as curves' },
  'zero-shot': {
    value: 'file|own',
    help: 'also tell classes by their names: one on each line of a file, or the data’s own (its classes, else captions that repeat)',
  },
  templates: {
    value: 'file',
    help: `prompts for zero-shot, one a line, {} for the name (${promptTemplates.join('; ')})`,
  },
  frechet: {
    value: splits.join('|'),
    help: 'also the Fréchet distance of features to those of another part of the data',
  },
  captions: { value: 'count', help: 'captions are written for so many samples at most (all)' },
  report: { value: 'file.html', help: 'also a report for people, in one file, English and Chinese' },
  json: { value: 'file.json', help: 'also everything with every example, as the page saves it' },
  executor: executorRule,
};
export const summary = 'Measures an exported model on data; one line of JSON.';

const lines = async (argument: string, path: string): Promise<string[]> => {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StudioError('bad-argument', { argument, message: `${path} cannot be read` }, { cause });
  });
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
};

async function optionsOf(given: Arguments, split: EvaluationOptions['split']): Promise<EvaluationOptions> {
  const count = (name: string, fallback: number, least = 0) =>
    given.has(name) ? wholeNumber(given.one(name) ?? '', `--${name}`, least) : fallback;
  const named = given.one('zero-shot');
  const templates = given.one('templates');
  const against = given.one('frechet');
  return {
    split,
    ...(given.has('pairs') && { limit: count('pairs', 1, 1) }),
    bootstrap: count('bootstrap', evaluationDefaults.bootstrap),
    seed: count('seed', 0),
    controls: given.has('controls'),
    robustness: given.has('robustness'),
    captions: count('captions', Number.MAX_SAFE_INTEGER),
    ...(named !== undefined && {
      zeroShot: {
        ...(named !== 'own' && { classes: await lines('--zero-shot', named) }),
        templates: templates ? await lines('--templates', templates) : promptTemplates,
      },
    }),
    ...(against && { frechet: { split: oneOf(against, '--frechet', splits) } }),
  };
}

export async function run(list: readonly string[]): Promise<number> {
  const given = parseArguments(list, rules);
  const split = oneOf(given.one('split') ?? 'validation', '--split', splits);
  const options = await optionsOf(given, split);
  const { limit } = options;
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
  const clean = asked(adopt(await prepare(dataset, read, bundle.tokenizerJson), facts), facts);
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
  const about = {
    name: bundle.recipe.name,
    step: bundle.step,
    datasetName: dataset.name,
    own,
  };
  const evaluation = await evaluate(model, about, options, {
    onProgress: ({ done, total }) => progress(`measured ${done.toFixed(1)} of ${total}`),
    platform: `Node ${process.versions.node}`,
    thumbs: given.has('report') || given.has('json') ? encodePngInNode : undefined,
  });
  for (const { what, code, params } of evaluation.undone ?? []) {
    const { title, body, action } = errorText(code, params, 'en');
    note(`${what} not measured: ${title}. ${body} ${action}`);
  }
  const written = evaluation.tasks.find(({ kind }) => kind === 'captions');
  for (const { file, said, truth } of written?.examples.slice(0, 5) ?? [])
    note(`${file}: ${said}  (${truth.split('\n')[0]})`);
  const score = (name: string) => written?.parts[0].scores.find((one) => one.name === name)?.value;
  const [html, json] = [given.one('report'), given.one('json')];
  if (html)
    await writeFile(html, reportHtml(evaluation, 'en', await curvesBeside(path, evaluation.model.name)));
  if (json) await writeFile(json, JSON.stringify(evaluation));
  result({
    split,
    pairs: whole.pairs,
    images: whole.images,
    loss: whole.loss,
    imageToText: whole.imageToText,
    textToImage: whole.textToImage,
    measures: whole.measures,
    ...(written && {
      captions: { samples: written.total, exact: score('exact'), attributes: score('attributes') },
    }),
    ...(asTrained && { val: measuresOf(asTrained), valPairs: asTrained.pairs }),
    step: bundle.step,
    trainedOnThis: own,
    adapter: executor.adapter.name,
    ...summarized(evaluation),
  });
  return 0;
}

/** The curves of training, where its metrics lie beside the model, as `train` writes them. */
async function curvesBeside(model: string, name: string) {
  const text = await readFile(join(dirname(model), 'metrics.jsonl'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const rows = text
    .split('\n')
    .filter(Boolean)
    .map((line): Record<string, number> => JSON.parse(line));
  return { name, curves: curvesOf(rows) };
}
