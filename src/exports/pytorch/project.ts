/** The files of the project: what the bundle holds, the code that its recipe needs, and a README that says how it is used. */
import { StudioError } from '../../core/errors.ts';
import type { ModelBundle } from '../../interchange/bundle.ts';
import { writePreprocessing } from '../../interchange/preprocessing.ts';
import { writeSafetensors } from '../../interchange/safetensors.ts';
import { bundleFacts } from '../../training/bundle.ts';
import type { ExportFile } from '../definition.ts';
import { modelFile } from './assemble.ts';
import { completed } from './complete.ts';
import { hasDepth } from './depth.ts';
import { readme } from './readme.ts';
import { pythonSources } from './sources.ts';

const utf8 = new TextEncoder();
const json = (value: unknown) => utf8.encode(`${JSON.stringify(value, null, 2)}\n`);

/** Shipped as they are. */
const scripts = [
  'train.py',
  'trainer.py',
  'evaluate.py',
  'data.py',
  'files.py',
  'draws.py',
  'augment.py',
  'sound.py',
  'parallel.py',
  'schedule.py',
  'project.py',
  'requirements.txt',
];

export async function projectFiles(bundle: ModelBundle): Promise<ExportFile[]> {
  const sources = await pythonSources();
  const recipe = completed(bundle.recipe);
  const metadata = {
    format: 'pt',
    step: String(bundle.step),
    dataset: bundle.datasetName,
    fingerprint: bundle.fingerprint,
  };
  const script = (path: string, from = path): ExportFile => {
    const text = sources.get(from);
    if (text === undefined) throw new StudioError('internal', { message: `${from} is not there` });
    return { path, bytes: utf8.encode(text) };
  };
  return [
    { path: 'README.md', bytes: utf8.encode(readme(bundle, recipe)) },
    { path: 'model.py', bytes: utf8.encode(modelFile(recipe, sources)) },
    ...scripts.map((path) => script(path)),
    ...(hasDepth(recipe) ? [script('pipeline.py')] : []),
    script('optimizer.py', `optimizers/${recipe.training.optimizer.type}.py`),
    { path: 'weights.safetensors', bytes: writeSafetensors(bundle.weights, metadata) },
    { path: 'recipe.json', bytes: json(recipe) },
    { path: 'tokenizer.json', bytes: json(bundle.tokenizerJson) },
    { path: 'preprocessor_config.json', bytes: json(writePreprocessing(bundle.preprocessing)) },
    { path: 'data_facts.json', bytes: json(bundleFacts(bundle)) },
  ];
}
