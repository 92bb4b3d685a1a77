/**
 * From recipe to graph. The same parameters, by name, appear in every graph made from one recipe: the training step, the step of a batch
 * that lacks a modality, the forward pass that is measured, and the towers alone for embedding and for looking at.
 */

import { StudioError } from '../core/errors.ts';
import { checkFields, type FieldValues, type Teacher } from '../core/fields.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { differentiate } from '../engine/compile/differentiate.ts';
import { Graph } from '../engine/graph/graph.ts';
import type { DType, Shape, Tensor } from '../engine/graph/tensor.ts';
import { add, constant, sub, unitLength } from '../engine/ops/functions.ts';
import '../engine/ops/index.ts';
import { contrastOf } from './across.ts';
import { adapterOf, checkAdapters } from './adapters.ts';
import { balances } from './balance/index.ts';
import type { Built, Encoded, Enter, Fused, ObjectiveContext, Probe } from './definition.ts';
import { encoderOf } from './encoders/chosen.ts';
import { fusionOf } from './fusion/chosen.ts';
import { heldTower } from './heldTower.ts';
import { contents, modalityInputs } from './inputs.ts';
import { alone } from './layers/alone.ts';
import { find, objectives } from './registry.ts';
import type { ModelShape } from './shape.ts';
import { balanced, termNames, weighted } from './terms.ts';
import { dropUnused, dropUnusedInputs } from './unused.ts';

export type { ModelShape } from './shape.ts';

export interface TrainingGraph {
  graph: Graph;
  loss: Tensor;
  /** `loss`, each term as `loss.<name>`, and the objectives' own numbers. */
  scalars: Map<string, Tensor>;
  probes: Map<string, Tensor>;
  /** By parameter name. */
  gradients: Map<string, Tensor>;
  /** What each term adds to the loss, weighted, by its name; and the fusion's own losses. */
  terms: Map<string, Tensor>;
  /** Modalities that some objective encodes with other inputs than the data's. */
  replaced: ReadonlySet<string>;
}

/** A forward pass that is measured, not differentiated. */
export interface EvaluationGraph {
  graph: Graph;
  /** `<term>.<measure>` [B], `<term>.<measure>.weight` [B] where samples count differently, and `<term>/<output>`. */
  outputs: Map<string, Tensor>;
}

/** Where the frozen parameters of a term's teacher are. */
export const teacherPrefix = (term: string): string => `${term}.teacher`;

/** One graph of a recipe while it is being built: inputs, encoders and fusion are made when first asked for. */
export class Model {
  readonly graph: Graph;
  readonly width: number;
  /** Modalities of this batch. */
  readonly modalities: string[];
  readonly recipe: Recipe;
  readonly shape: ModelShape;
  readonly training: boolean;
  readonly probe?: Probe;
  private readonly enter?: Enter;
  /** The model that this one teaches; it gives the graph and its inputs, and this one's parameters are frozen. */
  private readonly student?: Model;
  private readonly prefix: string;
  /** Paths of linear layers. */
  private readonly layers = new Set<string>();
  private readonly known = new Map<string, Encoded>();
  private readonly data = new Map<string, Record<string, Tensor>>();
  private readonly built: Built[] = [];
  private joint?: Fused;
  readonly replaced = new Set<string>();
  /** What stands in for held towers, each with what it stands for. */
  readonly standIns = new Map<Tensor, Tensor>();
  /** Of the fusion where it was first used. */
  losses?: Fused['losses'];

  constructor(
    recipe: Recipe,
    shape: ModelShape,
    training: boolean,
    probe?: Probe,
    taught?: { student: Model; prefix: string },
    enter?: Enter,
  ) {
    this.enter = enter;
    this.graph = taught?.student.graph ?? new Graph();
    this.student = taught?.student;
    this.prefix = taught ? `${taught.prefix}.` : '';
    this.recipe = recipe;
    this.shape = shape;
    this.training = training;
    this.probe = probe;
    this.width = fusionOf(recipe).width;
    this.modalities = Object.keys(recipe.encoders).filter((name) => !shape.absent?.includes(name));
  }

  /** Builds inside a block of the model; a teacher's has the adapters of the teacher's recipe. */
  at<T>(path: string, build: () => T): T {
    const { graph, recipe, student, prefix, layers } = this;
    const adapted = (layer: string) => {
      layers.add(layer);
      return adapterOf(recipe, layer.slice(prefix.length));
    };
    const inside = () => graph.adapted(adapted, () => graph.at(`${prefix}${path}`, build));
    return student ? graph.frozen(inside) : inside();
  }

  /** Linear layers whose weights are in the graph. */
  get linearLayers(): string[] {
    return [...this.layers].filter((layer) => this.graph.parameters.has(`${layer}.weight`));
  }

  readonly input = (name: string, shape: Shape, dtype: DType = 'f32'): Tensor =>
    this.graph.inputs.get(name) ?? this.graph.input(name, shape, dtype);

  readonly inputs = (modality: string): Record<string, Tensor> => {
    if (this.student) return this.student.inputs(modality);
    let known = this.data.get(modality);
    if (!known) {
      known = this.graph.at(modality, () => modalityInputs(this.graph, modality, this.shape));
      this.data.set(modality, known);
    }
    return known;
  };

  /** The inputs of a modality, what it holds through `enter`. */
  private entered(modality: string): Record<string, Tensor> {
    const inputs = this.inputs(modality);
    const content = contents[modality];
    if (!this.enter || !content) return inputs;
    return { ...inputs, [content]: this.enter(modality, inputs[content]) };
  }

  readonly encode = (modality: string, replaced?: Record<string, Tensor>): Encoded => {
    const known = this.known.get(modality);
    if (known && !replaced) return known;
    if (replaced) this.replaced.add(modality);
    const { definition, fields } = encoderOf(this.recipe, modality);
    const { graph, shape, width, training } = this;
    const present = shape.missing?.includes(modality)
      ? this.input(`present.${modality}`, [shape.batch])
      : undefined;
    const encoded = this.at(modality, () =>
      definition.build({
        graph,
        inputs: replaced ? { ...this.inputs(modality), ...replaced } : this.entered(modality),
        enter: replaced ? undefined : this.enter,
        present,
        fields,
        shape,
        width,
        training,
        probe: replaced ? undefined : this.probeOf(modality),
      }),
    );
    const held = training && !replaced && shape.held?.includes(modality);
    const result = { ...(held ? heldTower(this, modality, encoded) : encoded), present };
    if (!replaced) this.known.set(modality, result);
    return result;
  };

  readonly fuse = (encoded?: Record<string, Encoded>): Fused => {
    if (!encoded && this.joint) return this.joint;
    const { graph, recipe, width } = this;
    const { definition, fields } = fusionOf(recipe);
    const all = Object.keys(recipe.encoders);
    const modalities = Object.fromEntries(
      all.map((modality) => {
        const { definition: encoder, fields: values } = encoderOf(recipe, modality);
        return [modality, { tokenWidth: encoder.tokenWidth(values) }];
      }),
    );
    const parts = encoded ?? Object.fromEntries(this.modalities.map((name) => [name, this.encode(name)]));
    const fused = this.at('fusion', () =>
      definition.build({
        graph,
        encoded: parts,
        modalities,
        fields,
        width,
        probe: encoded ? undefined : this.probeOf('fusion'),
      }),
    );
    if (!encoded) {
      this.joint = fused;
      if (fused.joint) this.probe?.('joint', fused.joint);
    }
    this.losses ??= fused.losses;
    return fused;
  };

  readonly embedding = (modality: string): Tensor => {
    const { pooled } = this.encode(modality);
    return this.at(`fusion.${modality}`, () => unitLength(pooled));
  };

  private probeOf(part: string): Probe | undefined {
    return this.probe && ((name, tensor) => this.probe!(`${part}.${name}`, tensor));
  }

  /** Builds every objective, in order. */
  objectives(): { name: string; weight: number; built: Built }[] {
    const names = termNames(this.recipe);
    return this.recipe.objectives.flatMap((part, index) => {
      const path = `objectives.${index}`;
      const definition = find(objectives, part.type, path);
      const fields: FieldValues = checkFields(definition.fields, part, path);
      for (const modality of definition.needs.modalities ?? [])
        if (!this.recipe.encoders[modality])
          throw new StudioError('recipe-invalid', { path, message: `${part.type} needs ${modality}` });
      const { target, modalities: needed = [], least = 1 } = definition.needs;
      // A batch that lacks what a term compares says nothing about it.
      if (needed.some((modality) => this.shape.absent?.includes(modality))) return [];
      if (this.modalities.length < least && this.shape.absent?.length) return [];
      if (target && !(this.shape.target && target.includes(this.shape.target.kind)))
        throw new StudioError('recipe-invalid', {
          path,
          message: `${part.type} needs data with ${target.join(' or ')} to predict; this data has ${this.shape.target?.kind ?? 'none'}`,
        });
      if (definition.needs.joint && this.recipe.fusion.type === 'two-tower')
        throw new StudioError('recipe-invalid', {
          path: 'fusion.type',
          message: `${part.type} needs a joint vector, which two towers do not have`,
        });
      const { graph, shape, training, modalities, width, input, encode, fuse, embedding, inputs, probe } =
        this;
      const image = this.recipe.encoders['image'] && encoderOf(this.recipe, 'image');
      const context: ObjectiveContext = {
        graph,
        fields,
        shape,
        training,
        modalities,
        width,
        input,
        drawn: (name, ...type) => input(`${this.prefix}${names[index]}.${name}`, ...type),
        patch: image?.definition.patch?.(image.fields),
        encode,
        fuse,
        embedding,
        contrast: contrastOf(this),
        inputs,
        probe,
        earlier: () => this.built,
        teacher: this.teacherOf(part['teacher'], path, names[index]),
      };
      const built = this.at(names[index], () => definition.build(context));
      if (!built) return [];
      this.built.push(built);
      return [{ name: names[index], weight: (fields['weight'] as number | undefined) ?? 1, built }];
    });
  }

  /** The model of an earlier run on the same inputs. It looks at what this one looks at, so their data must agree. */
  private teacherOf(given: unknown, path: string, term: string): ObjectiveContext['teacher'] {
    if (given === undefined || this.student) return undefined;
    const recipe = parseRecipe((given as Partial<Teacher>).recipe);
    for (const key of ['imageSize', 'textLength'] as const)
      if (recipe.data[key] !== this.recipe.data[key])
        throw new StudioError('recipe-invalid', {
          path: `data.${key}`,
          message: `the teacher of ${path} was trained with ${key} ${recipe.data[key]}; set the same here`,
        });
    const model = new Model(recipe, this.shape, false, undefined, {
      student: this,
      prefix: teacherPrefix(term),
    });
    return {
      modalities: model.modalities.filter((modality) => this.modalities.includes(modality)),
      embedding: model.embedding,
      logits: () => model.objectives().flatMap(({ built }) => built.outputs?.['logits'] ?? [])[0],
    };
  }
}

/** Modalities that training leaves out of some samples. */
const droppedIn = ({ encoders: all, training: { drop = {} } }: Recipe): string[] =>
  Object.keys(all).filter((modality) => (drop[modality] ?? 0) > 0);

/** What training may lack: what the data does, and what is left out. */
export const trainingShape = (recipe: Recipe, shape: ModelShape): ModelShape => ({
  ...shape,
  missing: [...new Set([...(shape.missing ?? []), ...droppedIn(recipe)])],
});

/** The whole model with its loss and every gradient. @throws StudioError `recipe-invalid`, `shape-mismatch` */
export function trainingGraph(recipe: Recipe, given: ModelShape, probe?: Probe): TrainingGraph {
  const shape = trainingShape(recipe, given);
  const model = new Model(recipe, shape, true, probe);
  const { graph } = model;
  for (const modality of model.modalities) model.encode(modality);
  const scalars = new Map<string, Tensor>();
  const probes = new Map<string, Tensor>();
  const parts = model.objectives();
  for (const { name, built } of parts) {
    if (recipe.objectives.length > 1) scalars.set(`loss.${name}`, built.loss);
    for (const [key, tensor] of Object.entries(built.scalars ?? {})) scalars.set(key, tensor);
    for (const [key, tensor] of Object.entries(built.probes ?? {})) probes.set(key, tensor);
  }
  const terms = weighted(graph, recipe, parts, scalars);
  const balancing = balanced(model, terms, scalars);
  for (const [key, tensor] of Object.entries(model.losses ?? {})) {
    scalars.set(`loss.${key}`, tensor);
    terms.set(key, tensor);
  }
  // A batch that lacks what every term compares teaches nothing.
  const loss = terms.size ? [...terms.values()].reduce((a, b) => add(a, b)) : constant(graph, 0);
  scalars.set('loss', loss);
  dropUnused(graph, loss, model.standIns);
  // A batch that lacks a modality need not have the layers that an adapter is for.
  if (!shape.absent?.length) checkAdapters(recipe, model.linearLayers);
  const parameters = [...graph.parameters.values()];
  // With 16-bit floats the loss is scaled where differentiation begins, so that small gradients do not vanish.
  const gradient =
    recipe.training.precision === 'f16' ? graph.input('lossScale', [], 'f32', { resident: true }) : undefined;
  const found = differentiate(
    graph,
    [{ tensor: loss, gradient }],
    parameters.filter(({ trainable }) => trainable).map(({ tensor }) => tensor),
  );
  const gradients = new Map(
    parameters.flatMap((parameter, place) => {
      const { name, tensor, observed } = parameter;
      // A statistic follows what was observed by its difference; see `Parameter.follow`.
      const toward = observed ? sub(tensor, observed) : found.get(tensor);
      if (!toward) return [];
      const [modality] = name.split('.');
      const own = observed ? undefined : balancing.modulate?.(modality, parameter, toward, place);
      return [[name, own ?? toward] as const];
    }),
  );
  if (model.standIns.size > 0)
    dropUnusedInputs(graph, [...scalars.values(), ...probes.values(), ...gradients.values()]);
  return { graph, loss, scalars, probes, gradients, terms, replaced: model.replaced };
}

/** The forward pass with what each objective measures. @throws StudioError `recipe-invalid`, `shape-mismatch` */
export function evaluationGraph(recipe: Recipe, shape: ModelShape, probe?: Probe): EvaluationGraph {
  const model = new Model(recipe, shape, false, probe);
  const outputs = new Map<string, Tensor>();
  for (const modality of model.modalities) model.encode(modality);
  for (const { name, built } of model.objectives()) {
    for (const [key, tensor] of Object.entries(built.measures ?? {})) outputs.set(`${name}.${key}`, tensor);
    for (const [key, tensor] of Object.entries(built.weights ?? {}))
      outputs.set(`${name}.${key}.weight`, tensor);
    for (const [key, tensor] of Object.entries(built.outputs ?? {})) outputs.set(`${name}/${key}`, tensor);
  }
  measureHeads(model, outputs);
  return { graph: model.graph, outputs };
}

/** What the heads of a balancing method say of each modality by itself. */
function measureHeads(model: Model, outputs: Map<string, Tensor>): void {
  const { recipe, shape, graph, modalities } = model;
  const balance = balances.find(({ type }) => type === recipe.training.balance?.type);
  if (!balance?.heads || shape.target?.kind !== 'class') return;
  const labels = model.input('target', [shape.batch], 'i32');
  for (const name of modalities) {
    const encoded = model.encode(name);
    const own = graph.at('balance', () => alone(graph, name, encoded, encoded.pooled, labels, shape));
    for (const [key, tensor] of [
      ['accuracy', own.right],
      ['loss', own.losses],
    ] as const) {
      outputs.set(`balance.${name}.${key}`, tensor);
      outputs.set(`balance.${name}.${key}.weight`, own.known);
    }
  }
}

/** One tower: `embedding`, unit vectors [B, width]; with `attention`, also `attention.<block>` [B, heads, N, N]. */
export function towerGraph(
  recipe: Recipe,
  modality: string,
  shape: ModelShape,
  attention = false,
): { graph: Graph; outputs: Map<string, Tensor> } {
  const outputs = new Map<string, Tensor>();
  const prefix = `${modality}.`;
  const model = new Model(
    recipe,
    shape,
    false,
    attention ? (name, tensor) => outputs.set(name.slice(prefix.length), tensor) : undefined,
  );
  outputs.set('embedding', model.embedding(modality));
  return { graph: model.graph, outputs };
}
