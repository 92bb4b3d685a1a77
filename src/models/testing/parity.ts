/**
 * Parity with PyTorch: a graph of ours against a case that torch/*.py wrote (float64, written from the papers). Nothing is stored but
 * results: both sides draw every parameter and input from its name by one formula. Ours runs by the float64 interpreter; outputs, every parameter's
 * gradient and the losses of twenty AdamW steps are compared.
 */
import { differentiate } from '../../engine/compile/differentiate.ts';
import type { Graph } from '../../engine/graph/graph.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { sizeOf, type Tensor } from '../../engine/graph/tensor.ts';
import { add, mul, sum } from '../../engine/ops/functions.ts';
import { relativeError } from '../../engine/testing/cases.ts';
import { adamw } from '../../training/optimizers/adamw.ts';

/** As common.py writes it. */
export interface ParityCase {
  name: string;
  outputs: Record<string, number[]>;
  /** By parameter. */
  gradients: Record<string, number[]>;
  /** Before each step. */
  losses: number[];
  /** Of larger gradients every n-th number is kept. */
  limit?: number;
}

export interface ParityModel {
  graph: Graph;
  outputs: Record<string, Tensor>;
  /** The objective's own loss; without it Σ output · draw('upstream.<output>'). */
  loss?: Tensor;
  /** Inputs that are not drawn by their name (masks, ids). */
  inputs?: Record<string, ArrayLike<number>>;
  /** By parameter, where they are not plainly those of the loss. */
  gradients?: ReadonlyMap<string, Tensor>;
}

const rate = 0.01;

/** scale · sin(seed + 12.9898 · (i + 1)) with the seed from the letters of the name. */
export function draw(name: string, size: number, scale = 0.3): Float64Array {
  let seed = 0;
  for (let k = 0; k < name.length; k++) seed += (k + 1) * name.charCodeAt(k);
  return Float64Array.from({ length: size }, (_, i) => scale * Math.sin((seed % 1000) + 12.9898 * (i + 1)));
}

/** Every parameter and input of a graph by name: inputs as given or drawn, parameters drawn, plus the constant they start from. */
export function drawn(
  graph: Graph,
  given: Readonly<Record<string, ArrayLike<number>>> = {},
): Map<string, Float64Array> {
  const values = new Map<string, Float64Array>();
  for (const [name, { shape }] of graph.inputs)
    values.set(name, given[name] ? Float64Array.from(given[name]) : draw(name, sizeOf(shape)));
  for (const [name, { tensor, initializer }] of graph.parameters) {
    const initial = initializer.kind === 'constant' ? initializer.value : 0;
    values.set(
      name,
      draw(name, sizeOf(tensor.shape)).map((value) => value + initial),
    );
  }
  return values;
}

/** Σ output · draw('upstream.<output>'), as a loss of outputs that are no loss. */
export function upstreamLoss(graph: Graph, outputs: Readonly<Record<string, Tensor>>): Tensor {
  const terms = Object.entries(outputs).map(([name, y]) =>
    sum(
      mul(y, graph.input(`upstream.${name}`, y.shape)),
      y.shape.map((_, axis) => axis),
    ),
  );
  return terms.map((term) => scalar(term)).reduce((a, b) => add(a, b));
}

const scalar = (x: Tensor) => (x.shape.length ? x.graph.apply('reshape', [x], { shape: [] })[0] : x);

/**
 * Largest relative difference of each output (`output.joint`), gradient (`gradient.fusion.…`) and of the losses; infinite where one side has what
 * the other has not.
 */
export function parityErrors(model: ParityModel, expected: ParityCase): Record<string, number> {
  const { graph, outputs } = model;
  const loss = model.loss ?? upstreamLoss(graph, outputs);
  const trained = [...graph.parameters.values()].filter(({ trainable }) => trainable);
  const plain = differentiate(
    graph,
    [{ tensor: loss }],
    trained.map(({ tensor }) => tensor),
  );
  const moving = trained.flatMap(({ name, tensor }) => {
    const gradient = model.gradients?.get(name) ?? plain.get(tensor);
    return gradient ? [{ name, gradient }] : [];
  });
  const values = drawn(graph, model.inputs);
  const read = (name: string) => values.get(name)!;
  const results: Record<string, ArrayLike<number>> = {};
  const wanted: [string, Tensor][] = [
    ...Object.entries(outputs).map(([name, y]): [string, Tensor] => [`output.${name}`, y]),
    ...moving.map(({ name, gradient }): [string, Tensor] => [`gradient.${name}`, gradient]),
  ];
  const first = interpret(
    graph,
    wanted.map(([, tensor]) => tensor),
    read,
  );
  for (const [k, [name]] of wanted.entries())
    results[name] = name.startsWith('gradient.') ? thinned(first[k], expected.limit) : first[k];
  results['losses'] = train(
    graph,
    loss,
    moving.map(({ name, gradient }) => [name, gradient] as const),
    values,
    expected.losses.length,
  );
  const truth: Record<string, number[]> = { losses: expected.losses };
  for (const [name, list] of Object.entries(expected.outputs)) truth[`output.${name}`] = list;
  for (const [name, list] of Object.entries(expected.gradients)) truth[`gradient.${name}`] = list;
  return Object.fromEntries(
    [...new Set([...Object.keys(results), ...Object.keys(truth)])].map((key) => [
      key,
      results[key] && truth[key] ? relativeError(results[key], truth[key], 1e-4) : Number.POSITIVE_INFINITY,
    ]),
  );
}

/** Every n-th, so that no more than `limit` are left. */
export function thinned(values: Float64Array, limit?: number): Float64Array {
  if (!limit) return values;
  const step = Math.ceil(values.length / limit);
  return values.filter((_, i) => i % step === 0);
}

/** AdamW by its float64 meaning; changes the parameters' values. @returns the loss before each step */
export function train(
  graph: Graph,
  loss: Tensor,
  gradients: readonly (readonly [string, Tensor])[],
  values: Map<string, Float64Array>,
  steps: number,
): number[] {
  const rule = adamw.rule({ rate, beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0 });
  const moments = new Map<string, number[][]>();
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const [[now], ...found] = interpret(
      graph,
      [loss, ...gradients.map(([, gradient]) => gradient)],
      (name) => values.get(name)!,
    );
    losses.push(now);
    const s = rule.scalars(step);
    for (const [k, [name]] of gradients.entries()) {
      const parameter = values.get(name)!;
      const kept = moments.get(name) ?? Array.from(parameter, () => new Array<number>(rule.moments).fill(0));
      moments.set(name, kept);
      for (let i = 0; i < parameter.length; i++) {
        const next = rule.reference({ p: parameter[i], g: found[k][i], m: kept[i], rate, decay: 0, s });
        parameter[i] = next.p;
        kept[i] = next.m;
      }
    }
  }
  return losses;
}
