/** A run's folder for the page: the run itself, and beside it what its model makes of a few samples and the newest evaluation's report. */
import { asStudioError } from '../core/errors.ts';
import { look } from '../training/look/samples.ts';
import type { RunSummary } from '../training/run.ts';
import type { RunStore } from '../training/runStore.ts';
import { type Besides, packRun } from '../training/runZip.ts';
import { pairScores } from '../training/search.ts';
import type { Workbench } from '../training/workbench.ts';
import { heads, report } from './evaluations.ts';

const samples = 12;

async function samplesOf(workbench: Workbench, { id: run, step }: RunSummary): Promise<Besides> {
  try {
    const model = await workbench.model({ run });
    const found = await look({ model, step }, { split: 'validation', count: samples });
    const { image, text } = model.recipe.encoders;
    // Towers that only compare say no words: the pairs that they find hardest, with cosine and rank.
    const hardest = !found && image && text ? await pairScores(model, 'validation', samples) : undefined;
    const told = found?.samples.map(({ pictures: _, ...sample }) => sample) ?? hardest;
    if (!told) return {};
    return { 'samples.json': `${JSON.stringify(told, null, 2)}\n` };
  } catch (error) {
    // Without its data a run still leaves; what is wrong with the program does not pass for that.
    if (asStudioError(error).code === 'internal') throw error;
    return {};
  }
}

async function reportOf(runs: RunStore, run: string): Promise<Besides> {
  const newest = (await heads()).find(({ model }) => model.run === run);
  const text = newest ? await report(runs, newest.id, 'en') : '';
  return text ? { 'report.html': text } : {};
}

/** @throws StudioError `run-missing`, `checkpoint-invalid` */
export const runFolder = async (workbench: Workbench, runs: RunStore, run: string) =>
  packRun(runs, run, {
    ...(await samplesOf(workbench, await runs.get(run))),
    ...(await reportOf(runs, run)),
  });
