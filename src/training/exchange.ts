/** Models that leave as a zip and come back as runs. Loaded when it is asked for: a page that only trains needs no zip. */
import { unzipSync } from 'fflate';
import { trainedOn } from '../core/edits.ts';
import { StudioError } from '../core/errors.ts';
import { recipeBehind } from '../core/stages.ts';
import type { ModelBundle } from '../interchange/bundle.ts';
import { unpack } from '../interchange/unpack.ts';
import { bundleFacts, checkpointOf, keptKnown, knownOf, packModel, readBundle } from './bundle.ts';
import { type HubFiles, hubFile, isHubModel, readHubModel } from './hubModel.ts';
import { joinColumns } from './metricLog.ts';
import type { Model } from './model.ts';
import { newRunId } from './newRun.ts';
import { layoutOf, parametersOf } from './parameters.ts';
import type { ExecutorName, RunSummary } from './run.ts';
import { lastOf, type RunStore } from './runStore.ts';
import { isRunFolder, type Library, unpackRun } from './runZip.ts';

const fileName = ({ name, step }: RunSummary) =>
  `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'model'}-step-${step}.zip`;

/** The model as it is now. @param run its recipe and step are those of the model */
export async function exportRun(run: RunSummary, model: Model): Promise<{ name: string; bytes: Uint8Array }> {
  const { data, weights } = model;
  const bytes = packModel(run, knownOf(data), weights.layout, await weights.read('parameters'));
  return { name: fileName(run), bytes };
}

/**
 * The model of a run that is kept, from what is kept: its data and a device are not needed. Undefined where the run is older than what it would need.
 * @param step a saved one; the newest where none is given
 * @throws StudioError `checkpoint-invalid`
 */
export async function exportKept(
  runs: RunStore,
  run: RunSummary,
  wanted?: number,
): Promise<{ name: string; bytes: Uint8Array } | undefined> {
  const step = wanted ?? run.checkpoints.at(-1)?.step;
  const { facts } = run;
  // Without the fit, what pictures were made of would have to be guessed.
  if (step === undefined || !facts || (facts.picture && !facts.picture.fit)) return undefined;
  const recipe = recipeBehind(run.recipe, step);
  const layout = layoutOf(recipe, facts);
  const last = step >= run.step ? run.last : lastOf(joinColumns([await runs.metrics(run.id)], step));
  const then = { ...run, recipe, step, last };
  const known = keptKnown(then, facts, await runs.tokenizer(run.id));
  const parameters = parametersOf(await runs.checkpoint(run.id, step), layout);
  return { name: fileName(then), bytes: packModel(then, known, layout, parameters) };
}

/** Names of a zip's files, without folders; none of what is no zip. */
function namesIn(bytes: Uint8Array): ReadonlySet<string> {
  const names = new Set<string>();
  const note = ({ name }: { name: string }) => {
    names.add(name.split('/').at(-1) ?? '');
    return false;
  };
  try {
    unzipSync(bytes, { filter: note });
  } catch {
    // Whoever reads it says what is wrong.
  }
  return names;
}

/** Files of a zip of Hugging Face's, by name; they are as large as a model. */
const hubLimit = (name: string) => (hubFile.test(name) ? 4_000_000_000 : undefined);

/** A model, a whole run, or a zipped checkpoint of Hugging Face. @throws StudioError `bundle-invalid` and others of the file; nothing is kept then */
export async function importRun(
  name: string,
  bytes: Uint8Array,
  executor: ExecutorName,
  library: Library,
): Promise<RunSummary> {
  const names = namesIn(bytes);
  if (isRunFolder(names)) return unpackRun(name, bytes, executor, library);
  if (!isHubModel(names)) return keepModel(name, readBundle(name, bytes), executor, library);
  const files = unpack(bytes, hubLimit, (message) => {
    throw new StudioError('bundle-invalid', { file: name, message });
  });
  return importHub(name, files, executor, library);
}

/** A folder of Hugging Face's. @throws StudioError `bundle-invalid`, `safetensors-invalid`, `tokenizer-invalid`; nothing is kept then */
export const importHub = (name: string, files: HubFiles, executor: ExecutorName, library: Library) =>
  keepModel(name, readHubModel(name.replace(/\.zip$/i, ''), files), executor, library);

/** A model as a run of this browser. */
async function keepModel(
  name: string,
  bundle: ModelBundle,
  executor: ExecutorName,
  { runs, datasets }: Library,
): Promise<RunSummary> {
  const { fit, background } = bundle.preprocessing;
  const read = bundleFacts(bundle);
  const facts = read.picture ? { ...read, picture: { ...read.picture, fit, background } } : read;
  const checkpoint = checkpointOf(bundle, layoutOf(bundle.recipe, facts));
  const set = (await datasets.list()).find((one) => trainedOn(bundle, one));
  const now = Date.now();
  const run: RunSummary = {
    id: newRunId('import', now),
    name: name.replace(/\.zip$/i, ''),
    note: '',
    recipe: bundle.recipe,
    dataset: set?.id ?? '',
    datasetName: bundle.datasetName,
    fingerprint: bundle.fingerprint,
    executor,
    adapter: '',
    createdAt: now,
    updatedAt: now,
    state: 'imported',
    step: bundle.step,
    last: bundle.metrics ?? {},
    checkpoints: [],
    facts,
  };
  await runs.create(run, bundle.tokenizerJson);
  await runs.saveCheckpoint(run.id, bundle.step, checkpoint, {}, {});
  return runs.get(run.id);
}
