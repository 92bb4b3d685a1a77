/** `npm run evaluate`: retrieval and loss of an exported model on data, as JSON. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../core/errors.ts';
import { createMemoryStore, memoryFiles } from '../data/store.memory.ts';
import { RunStore } from '../training/runStore.ts';
import { Workbench } from '../training/workbench.ts';
import { type ArgumentRule, parseArguments, wholeNumber } from './arguments.ts';
import { executorNamed, openInNode } from './gpu.node.ts';
import { dataRules, openData } from './openData.ts';
import { progress, result } from './terminal.ts';

export const rules: Record<string, ArgumentRule> = {
  model: { value: 'zip', help: 'an exported model', required: true },
  ...dataRules,
  split: { value: 'train|validation|test', help: 'which part of the data (validation)' },
  pairs: { value: 'count', help: 'only the first so many pairs' },
  executor: { value: 'webgpu|tfjs|tfjs-wasm|tfjs-cpu', help: 'what computes (webgpu)' },
};
export const summary = 'Measures an exported model on data; one line of JSON.';

export async function run(list: readonly string[]): Promise<void> {
  const given = parseArguments(list, rules);
  const split = given.one('split') ?? 'validation';
  if (split !== 'train' && split !== 'validation' && split !== 'test')
    throw new StudioError('bad-argument', {
      argument: '--split',
      message: `“${split}” is not one of train, validation, test`,
    });
  const limit = given.has('pairs') ? wholeNumber(given.one('pairs')!, '--pairs', 1) : undefined;
  const executor = executorNamed(given.one('executor'));
  const path = given.one('model')!;
  const file = await readFile(path).catch((cause: unknown) => {
    throw new StudioError(
      'bad-argument',
      { argument: '--model', message: `${path} cannot be read` },
      { cause },
    );
  });
  const { dataset, skipped } = await openData(given, ({ phase, done, total }) =>
    progress(`${phase} ${done}${total ? ` / ${total}` : ''}`),
  );
  const datasets = createMemoryStore();
  await datasets.save(dataset, skipped);
  const bench = new Workbench({ runs: new RunStore(memoryFiles()), datasets, open: openInNode });
  const imported = await bench.importModel(basename(path), new Uint8Array(file), executor);
  const model = await bench.model({ run: imported.id, dataset: dataset.id });
  const { loss, pairs, images, imageToText, textToImage } = await model.validate(split, limit);
  result({
    split,
    pairs,
    images,
    loss,
    imageToText,
    textToImage,
    step: imported.step,
    adapter: model.executor.adapter.name,
  });
}
