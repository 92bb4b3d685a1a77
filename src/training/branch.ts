/**
 * A run that begins where another one was at a checkpoint: weights, moments, step, metrics up to there, tokenizer and facts are that run's, and it stays as it
 * is. With the same recipe the branch repeats what came after, to the bit; with another one it goes a way of its own, as long as its parameters fit.
 */
import { StudioError } from '../core/errors.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { recipeBehind } from '../core/stages.ts';
import { readSafetensors, writeSafetensors } from '../interchange/safetensors.ts';
import { toFloat32 } from '../interchange/tensorTypes.ts';
import { newRunId } from './newRun.ts';
import { layoutOf } from './parameters.ts';
import type { ExecutorName, RunSummary } from './run.ts';
import type { RunStore } from './runStore.ts';

export interface BranchPoint {
  /** Where the other run is kept; the new one goes to `to`. */
  from: RunStore;
  run: string;
  /** The newest checkpoint by default. */
  step?: number;
}

export interface BranchChange {
  recipe?: Recipe;
  name?: string;
  /** What it is trained on; as the other run by default. */
  executor?: ExecutorName;
}

/**
 * Makes the run; it is then `paused` at the step.
 * @throws StudioError `run-missing`, `checkpoint-invalid`, `recipe-invalid`; `branch-unfit` naming the tensor that the other run lacks or has in another shape
 */
export async function branchRun(
  to: RunStore,
  at: BranchPoint,
  change: BranchChange = {},
): Promise<RunSummary> {
  const { from } = at;
  const parent = await from.get(at.run);
  const step = at.step ?? parent.checkpoints.at(-1)?.step;
  if (step === undefined)
    throw new StudioError('checkpoint-invalid', { message: `“${parent.name}” keeps no checkpoint.` });
  const recipe = change.recipe ? parseRecipe(change.recipe) : parent.recipe;
  // A branch keeps the other run's copy.
  if (recipe.data.tokenizer?.fingerprint !== parent.recipe.data.tokenizer?.fingerprint)
    throw new StudioError('branch-unfit', {
      run: parent.name,
      step,
      message: 'the recipe splits text with another tokenizer.',
    });
  const bytes = await from.checkpoint(parent.id, step);
  if (change.recipe) checkFit(recipe, parent, step, bytes);
  const { tags: _, ...kept } = parent;
  const now = Date.now();
  const run: RunSummary = {
    ...kept,
    id: newRunId('run', now),
    name: change.name ?? parent.name,
    executor: change.executor ?? parent.executor,
    note: '',
    recipe,
    createdAt: now,
    updatedAt: now,
    state: 'paused',
    step,
    last: {},
    checkpoints: [],
    parent: { run: parent.id, step, name: parent.name },
  };
  const otherRule = recipe.training.optimizer.type !== parent.recipe.training.optimizer.type;
  await to.branch(run, {
    runs: from,
    run: parent.id,
    step,
    bytes: otherRule ? withoutMoments(bytes) : bytes,
  });
  return to.get(run.id);
}

/** Parameters of the recipe's model are all in the checkpoint, in their shapes. What else is there is left behind. */
function checkFit(recipe: Recipe, { facts, name }: RunSummary, step: number, checkpoint: Uint8Array): void {
  const unfit = (message: string) => new StudioError('branch-unfit', { run: name, step, message });
  // A run of an older version does not say what its data was like; its checkpoint is then read by its own recipe only.
  if (!facts)
    throw unfit('it was trained by an older version and can only be continued with its own recipe.');
  const { tensors } = readSafetensors(checkpoint, 'checkpoint');
  const shapeText = (shape: readonly number[]) => shape.join(' × ') || 'one number';
  for (const { name: parameter, tensor } of layoutOf(recipeBehind(recipe, step), factsFor(recipe, facts))
    .entries) {
    const found = tensors.get(`parameters/${parameter}`);
    if (!found) throw unfit(`the tensor “${parameter}” is not there.`);
    if (found.shape.join() !== tensor.shape.join())
      throw unfit(
        `the tensor “${parameter}” is ${shapeText(found.shape)}, this recipe needs ${shapeText(tensor.shape)}.`,
      );
  }
}

/** What the data will be like under the changed recipe: the tokenizer stays, pictures have the side that it says. */
const factsFor = (recipe: Recipe, facts: NonNullable<RunSummary['facts']>) => ({
  ...facts,
  size: facts.size > 0 ? recipe.data.imageSize : 0,
});

/** Another optimizer's moments mean something else: they begin at zero. */
function withoutMoments(checkpoint: Uint8Array): Uint8Array {
  const { tensors, metadata } = readSafetensors(checkpoint, 'checkpoint');
  const kept = [...tensors].filter(([name]) => !/^moment\d\//.test(name));
  return writeSafetensors(
    new Map(kept.map(([name, tensor]) => [name, { shape: tensor.shape, values: toFloat32(tensor) }])),
    metadata,
  );
}
