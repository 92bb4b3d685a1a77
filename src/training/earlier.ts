/**
 * Earlier data beside a run's own: samples for replay (data/buffer.ts) among its training samples, and the validation split that is measured too. It is read as the
 * run reads its own data, and divided as the run was that the weights came from, so that nothing is measured that was once trained on.
 */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { chooseBuffer } from '../data/buffer.ts';
import type { Dataset, DatasetReader } from '../data/dataset.ts';
import { adopt, factsOf, type ModelFacts } from '../data/facts.ts';
import { joined, pick, widened } from '../data/join.ts';
import type { PreparedData } from '../data/prepared.ts';

export interface Earlier {
  /** The run's own data, without replay: what is asked and measured. */
  own: PreparedData;
  /** Held-out samples of earlier data. */
  also?: PreparedData;
}

export interface EarlierParts {
  datasets: DatasetReader;
  /** The id of a data set that a recipe names; looked up in the store by default. */
  find?(name: string): Promise<string | undefined>;
  prepare(dataset: Dataset, data: Recipe['data'], tokenizer: unknown): Promise<PreparedData>;
}

/**
 * @param own the run's data as its model knows it
 * @param split how the earlier data is divided; as the recipe says where absent
 * @param grow whether classes that only the earlier data has are added to the model's: for a run that begins without weights
 * @throws StudioError `dataset-missing`, `data-unfit`, `data-empty`, `recipe-invalid`
 */
export async function withEarlier(
  recipe: Recipe,
  own: PreparedData,
  parts: EarlierParts,
  split = recipe.data.split,
  grow = false,
): Promise<{ data: PreparedData; earlier: Earlier }> {
  const { replay, alsoValidate } = recipe.training;
  const names = [...new Set([replay?.dataset, alsoValidate?.dataset].flatMap((name) => name ?? []))];
  const sets = new Map<string, PreparedData>();
  for (const name of names) {
    const set = await parts.datasets.load(await idOf(name, parts));
    sets.set(name, await parts.prepare(set, { ...recipe.data, split }, own.tokenizer.toJSON()));
  }
  const read = (name: string) => sets.get(name)!;
  const facts = grow ? [...sets.values()].reduce(addClasses, factsOf(own)) : factsOf(own);
  const known = grow ? adopt(own, facts) : own;
  const alike = (name: string) => widened(adopt(read(name), facts), known);
  const data = replay ? withReplay(known, alike(replay.dataset), recipe) : known;
  return {
    data,
    earlier: { own: known, ...(alsoValidate && { also: heldOut(alike(alsoValidate.dataset), recipe) }) },
  };
}

async function idOf(name: string, { datasets, find }: EarlierParts): Promise<string> {
  const sets = await datasets.list();
  const found =
    (await find?.(name)) ??
    sets.find(({ id }) => id === name)?.id ??
    sets.find((set) => set.name === name)?.id;
  if (found === undefined) throw new StudioError('dataset-missing', { dataset: name });
  return found;
}

/** Classes of both, those of the run's own data in front. */
const addClasses = (facts: ModelFacts, { target }: PreparedData): ModelFacts =>
  facts.target && target && facts.target.kind === target.kind
    ? {
        ...facts,
        target: { ...facts.target, classes: [...new Set([...facts.target.classes, ...target.classes])] },
      }
    : facts;

function withReplay(own: PreparedData, earlier: PreparedData, { training, seed }: Recipe): PreparedData {
  const { samples, by = 'random' } = training.replay!;
  const chosen = chooseBuffer(earlier, samples, by, seed);
  if (chosen.length === 0)
    throw new StudioError('data-empty', {
      message: `Nothing of “${training.replay!.dataset}” is for training.`,
    });
  return joined(own, pick(earlier, chosen));
}

function heldOut(data: PreparedData, { training }: Recipe): PreparedData {
  const { validation } = data.splitPairs;
  if (validation.length === 0)
    throw new StudioError('data-empty', {
      message: `The validation split of “${training.alsoValidate!.dataset}” has no pairs.`,
    });
  return pick(data, Int32Array.from(new Set(validation.map((pair) => data.pairs.sample[pair]))));
}
