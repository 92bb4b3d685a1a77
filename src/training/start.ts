/**
 * A new run that starts with the weights of another, on other data: not a branch, since it begins at step 0 with moments of zero. Weights are taken by name where
 * shapes agree; a head grows by class name and a table encoder by column name; everything else starts from the seed. Data is read as the other run
 * read it (tokenizer, means and deviations), so that the weights mean the same.
 */
import { StudioError } from '../core/errors.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { recipeBehind } from '../core/stages.ts';
import type { TakenPart } from '../core/taken.ts';
import { takesAny } from '../core/taken.ts';
import type { DatasetStore, DatasetSummary } from '../data/dataset.ts';
import { grownFacts, type ModelFacts } from '../data/facts.ts';
import type { LayoutEntry, ParameterLayout } from '../engine/compile/layout.ts';
import { teacherPrefix } from '../models/build.ts';
import { termNames } from '../models/terms.ts';
import { mergeAdapters } from './adapters.ts';
import { dataFacts, expectedShape } from './expected.ts';
import { type NamedList, namedAxes } from './namedAxes.ts';
import { layoutOf, parametersOf } from './parameters.ts';
import type { RunSummary } from './run.ts';
import type { RunStore } from './runStore.ts';

/** A checkpoint of a run, the newest by default. */
export interface StartPoint {
  runs: RunStore;
  run: string;
  step?: number;
}

type Tensors = ReadonlyMap<string, { shape: readonly number[]; values: Float32Array }>;

export class Start {
  readonly run: RunSummary;
  readonly step: number;
  /** Of the model that was trained to the last step. */
  readonly recipe: Recipe;
  /** Where the other model has words of its own: the new one must split text as it does. */
  readonly tokenizer: unknown;
  private readonly facts: ModelFacts;
  private readonly weights: Tensors;
  /** Whether the other model has parameters for its classes. */
  private readonly classed: boolean;

  private constructor(
    parts: Pick<Start, 'run' | 'step' | 'recipe' | 'tokenizer'>,
    facts: ModelFacts,
    weights: Tensors,
  ) {
    this.run = parts.run;
    this.step = parts.step;
    this.recipe = parts.recipe;
    this.tokenizer = parts.tokenizer;
    this.facts = facts;
    this.weights = weights;
    this.classed = namedAxes(parts.recipe, facts, 'classes').size > 0;
  }

  /** @throws StudioError `run-missing`, `checkpoint-invalid`, `start-unfit` for a run of an older version */
  static async load({ runs, run: id, step }: StartPoint): Promise<Start> {
    const run = await runs.get(id);
    const at = step ?? run.checkpoints.at(-1)?.step;
    if (at === undefined)
      throw new StudioError('checkpoint-invalid', { message: `“${run.name}” keeps no checkpoint.` });
    const { facts } = run;
    if (!facts)
      throw unfit(run, at, 'it was trained by an older version, which does not say what its data was like.');
    const checkpoint = await runs.checkpoint(id, at);
    const recipe = recipeBehind(run.recipe, at);
    const layout = layoutOf(recipe, facts);
    // Adapters become part of the weights that they are for, as in an export.
    const merged = mergeAdapters(layout, parametersOf(checkpoint, layout), recipe);
    const speaks = namedAxes(recipe, facts, 'vocabulary').size > 0;
    const tokenizer = speaks ? await runs.tokenizer(id) : undefined;
    return new Start({ run, step: at, recipe: merged.recipe, tokenizer }, facts, merged.weights);
  }

  /** How the new model knows data: by the other's numbers and names, and what is new besides. @param own of the new data */
  grown(own: ModelFacts): ModelFacts {
    return grownFacts(this.facts, own, Object.keys(this.recipe.encoders), this.classed);
  }

  /** What a data set's summary lets expect, before it is prepared. */
  expected(recipe: Recipe, summary: DatasetSummary): ModelFacts {
    const { sound, vocabulary } = expectedShape(recipe, dataFacts(summary));
    const { having, table, target, images } = summary;
    const has = (modality: string) =>
      (having ?? { image: images, text: images })[modality as 'image'] !== undefined;
    const still = { mean: [0], deviation: [1] };
    return this.grown({
      vocabulary: this.tokenizer === undefined ? vocabulary : this.facts.vocabulary,
      marks: this.facts.marks,
      size: has('image') ? recipe.data.imageSize : 0,
      ...(has('image') && { picture: still }),
      ...(has('audio') && sound && { sound: { ...sound, ...still } }),
      ...(table && { table: { ...table, ...still } }),
      ...(target && { target: { ...target, mean: 0, deviation: 1 } }),
    });
  }

  /**
   * What of the new model is taken and what is not.
   * @param facts of `grown` or `expected`
   * @throws StudioError `start-unfit` where nothing is, `recipe-invalid`, `shape-mismatch`
   */
  plan(recipe: Recipe, facts: ModelFacts): StartPlan {
    const { weights, run, step } = this;
    const plan = new StartPlan(recipe, facts, this.facts, weights);
    if (plan.parts.some(takesAny)) return plan;
    const example = plan.parts.find((part) => part.example)?.example;
    throw unfit(
      run,
      step,
      example
        ? `no tensor fits; “${example.name}” is ${example.from.join(' × ')} there and ${example.to.join(' × ')} here.`
        : 'no tensor of this recipe is there.',
    );
  }
}

/**
 * What a new run would take, before it is made.
 * @throws StudioError `dataset-missing`, and those of `load` and `plan`
 */
export async function planStart(
  from: StartPoint,
  input: Recipe,
  datasets: Pick<DatasetStore, 'list'>,
  dataset: string,
): Promise<TakenPart[]> {
  const recipe = parseRecipe(input);
  const start = await Start.load(from);
  const summary = (await datasets.list()).find(({ id }) => id === dataset);
  if (!summary) throw new StudioError('dataset-missing', { dataset });
  return start.plan(recipe, start.expected(recipe, summary)).parts;
}

const unfit = (run: RunSummary, step: number, message: string) =>
  new StudioError('start-unfit', { run: run.name, step, message });

/** Where places of an axis come from: −1 for new ones. */
interface NamedPlaces {
  list: 'classes' | 'columns';
  axis: number;
  from: number[];
}

class StartPlan {
  readonly parts: TakenPart[];
  private readonly weights: Tensors;
  private readonly places = new Map<string, NamedPlaces>();
  private readonly whole = new Set<string>();

  constructor(recipe: Recipe, facts: ModelFacts, before: ModelFacts, weights: Tensors) {
    this.weights = weights;
    const lists: [NamedList & ('classes' | 'columns'), string[], string[]][] = [
      ['classes', facts.target?.classes ?? [], before.target?.classes ?? []],
      ['columns', facts.table?.columns ?? [], before.table?.columns ?? []],
    ];
    const named = lists.map(([list, names, old]) => ({
      list,
      same: names.join('\n') === old.join('\n'),
      from: names.map((name) => old.indexOf(name)),
      old: old.length,
      axes: namedAxes(recipe, facts, list),
    }));
    const parts = new Map<string, TakenPart>();
    const modalities = Object.keys(recipe.encoders);
    const partOf = (name: string) => partAmong(parts, name, modalities);
    const teachers = termNames(recipe).map((term) => `${teacherPrefix(term)}.`);
    const { entries, byName } = layoutOf(recipe, facts);
    for (const entry of entries) {
      const { name, tensor } = entry;
      // A teacher's weights come from its own run.
      if (teachers.some((prefix) => name.startsWith(prefix))) continue;
      const part = partOf(name);
      part.tensors++;
      const found = weights.get(name);
      const list = named.find(({ axes, same }) => axes.has(name) && !same);
      const axis = list?.axes.get(name) ?? -1;
      if (!found) part.absent++;
      else if (!list && found.shape.join() === tensor.shape.join()) {
        this.whole.add(name);
        part.whole++;
      } else if (
        list &&
        axis >= 0 &&
        agree(found.shape, tensor.shape, axis) &&
        found.shape[axis] === list.old
      ) {
        this.places.set(name, { list: list.list, axis, from: list.from });
        const known = list.from.filter((place) => place >= 0).length;
        part.named ??= { of: list.list, tensors: 0, known, all: list.from.length };
        part.named.tensors++;
      } else {
        part.unfit++;
        part.example ??= { name, from: [...found.shape], to: [...tensor.shape] };
      }
    }
    for (const name of weights.keys()) if (!byName.has(name)) partOf(name).left++;
    this.parts = [...parts.values()];
  }

  /** Writes what is taken over what the seed gave. */
  readonly fill = (flat: Float32Array, layout: ParameterLayout): void => {
    for (const entry of layout.entries) {
      const found = this.weights.get(entry.name);
      const places = this.places.get(entry.name);
      if (found && this.whole.has(entry.name)) flat.set(found.values, entry.offset);
      else if (found && places) copyPlaces(found, flat, entry, places);
    }
  };
}

/** A part's entry by the name of one of its parameters, made where there is none yet. */
function partAmong(parts: Map<string, TakenPart>, name: string, modalities: readonly string[]): TakenPart {
  const [first] = name.split('.');
  const kind =
    first === 'fusion'
      ? 'fusion'
      : encoderNames.includes(first) || modalities.includes(first)
        ? 'encoder'
        : 'term';
  const known = parts.get(first) ?? { part: first, kind, tensors: 0, whole: 0, absent: 0, unfit: 0, left: 0 };
  parts.set(first, known);
  return known;
}

const encoderNames: readonly string[] = ['image', 'text', 'audio', 'table'];

const agree = (a: readonly number[], b: readonly number[], but: number): boolean =>
  a.length === b.length && a.every((size, axis) => axis === but || size === b[axis]);

/** Copies the places of an axis that both have; the others stay as they are. */
function copyPlaces(
  { shape, values }: { shape: readonly number[]; values: Float32Array },
  flat: Float32Array,
  { offset, tensor }: LayoutEntry,
  { axis, from }: NamedPlaces,
): void {
  const outer = shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  for (let row = 0; row < outer; row++)
    for (const [to, place] of from.entries()) {
      if (place < 0) continue;
      const start = (row * shape[axis] + place) * inner;
      flat.set(values.subarray(start, start + inner), offset + (row * tensor.shape[axis] + to) * inner);
    }
}
