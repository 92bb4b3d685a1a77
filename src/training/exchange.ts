/** Models that leave as a zip and come back as runs. Loaded when it is asked for: a page that only trains needs no zip. */
import { unzipSync } from 'fflate';
import { trainedOn } from '../core/edits.ts';
import { bundleFacts, checkpointOf, packModel, readBundle } from './bundle.ts';
import { joinColumns } from './metricLog.ts';
import type { Model } from './model.ts';
import { newRunId } from './newRun.ts';
import { layoutOf } from './parameters.ts';
import type { ExecutorName, RunSummary } from './run.ts';
import { lastOf, type RunStore } from './runStore.ts';
import { isRunFolder, type Library, unpackRun } from './runZip.ts';

/** What was measured up to a saved step; of the newest where none is given. */
export async function lastAt(runs: RunStore, run: RunSummary, step?: number): Promise<RunSummary['last']> {
  if (step === undefined || step >= run.step) return run.last;
  return lastOf(joinColumns([await runs.metrics(run.id)], step));
}

/** @param run its recipe and step are those of the model */
export async function exportRun(run: RunSummary, model: Model): Promise<{ name: string; bytes: Uint8Array }> {
  const { data, weights } = model;
  const bytes = packModel(run, data, weights.layout, await weights.read('parameters'));
  const safe = run.name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'model';
  return { name: `${safe}-step-${run.step}.zip`, bytes };
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

/** A model, or a whole run. @throws StudioError `bundle-invalid` and others of the file; nothing is kept then */
export async function importRun(
  name: string,
  bytes: Uint8Array,
  executor: ExecutorName,
  library: Library,
): Promise<RunSummary> {
  if (isRunFolder(namesIn(bytes))) return unpackRun(name, bytes, executor, library);
  const { runs, datasets } = library;
  const bundle = readBundle(name, bytes);
  const facts = bundleFacts(bundle);
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
