/**
 * A computation as a list of nodes in topological order. Equal nodes are made once (hash consing), so common
 * subexpressions never arise. Errors of a shape rule gain the path of blocks in which they happened.
 */
import { StudioError } from '../../core/errors.ts';
import { opNamed } from './op.ts';
import {
  type Attributes,
  type DType,
  type Node,
  type Shape,
  ShapeProblem,
  sameShape,
  sizeOf,
  type Tensor,
} from './tensor.ts';

/** How a parameter starts; the session draws the numbers (models/initialize.ts). */
export type Initializer =
  | { kind: 'normal'; deviation: number }
  | { kind: 'uniform'; bound: number }
  | { kind: 'constant'; value: number };

export interface Parameter {
  name: string;
  tensor: Tensor;
  initializer: Initializer;
  /** Weight decay applies (matrices yes; biases, norms, positions and scales no). */
  decay: boolean;
  /** Values are kept in this range after each update (CLIP's logit scale). */
  clamp?: [number, number];
  /** Has a gradient; a frozen one (a teacher's) and a statistic have none. */
  trainable: boolean;
  /**
   * A statistic (batch norm's running mean), not learned: each step moves it by this share toward `observed`, whatever the optimizer, rate,
   * clipping and loss scale. Its place in the gradients holds statistic − observed.
   */
  follow?: number;
  observed?: Tensor;
}

/** What a layer carries besides its own weights, which then are frozen: alpha / rank times a product of two matrices. */
export interface LowRank {
  rank: number;
  alpha: number;
}

export class Graph {
  readonly nodes: Node[] = [];
  readonly parameters = new Map<string, Parameter>();
  readonly inputs = new Map<string, Tensor>();
  /** What is to be computed, by name. */
  readonly outputs = new Map<string, Tensor>();
  private readonly known = new Map<string, Node>();
  private scopes: string[] = [];
  private nextTensor = 0;
  private freezes = false;
  private adapts?: (layer: string) => LowRank | undefined;

  /** Applies an op. @throws StudioError `shape-mismatch` with the path of blocks */
  apply(opName: string, inputs: readonly Tensor[], attributes: Attributes = {}): readonly Tensor[] {
    const op = opNamed(opName);
    const key = `${opName}(${inputs.map((input) => input.id).join()})${JSON.stringify(attributes)}`;
    const same = this.known.get(key);
    if (same) return same.outputs;
    const { path } = this;
    let types: ReturnType<typeof op.infer>;
    try {
      types = op.infer(inputs, attributes);
    } catch (error) {
      if (!(error instanceof ShapeProblem)) throw error;
      const blocks = ['model', ...this.scopes, opName].join(' › ');
      throw new StudioError('shape-mismatch', { path: blocks, message: error.message });
    }
    const outputs: Tensor[] = [];
    const node: Node = { id: this.nodes.length, op: opName, inputs, attributes, outputs, path };
    for (const [index, type] of types.entries())
      outputs.push({ ...type, id: this.nextTensor++, node, index, graph: this });
    this.nodes.push(node);
    this.known.set(key, node);
    return outputs;
  }

  /** A named tensor that the caller fills before each run; a `resident` one keeps its numbers until they are filled again. */
  input(name: string, shape: Shape, dtype: DType = 'f32', options: { resident?: boolean } = {}): Tensor {
    if (this.inputs.has(name)) throw new Error(`input ${name} is declared twice`);
    const attributes: Attributes = { name, shape, dtype };
    const [tensor] = this.apply(
      'input',
      [],
      options.resident ? { ...attributes, resident: true } : attributes,
    );
    this.inputs.set(name, tensor);
    return tensor;
  }

  /**
   * A tensor that is kept between runs. Its name is the path of blocks and `name`; asked for again by the same name it is the same one, so
   * that a part may be built twice with shared weights.
   */
  parameter(
    name: string,
    shape: Shape,
    initializer: Initializer,
    options: { decay?: boolean; clamp?: [number, number]; frozen?: boolean; follow?: number } = {},
  ): Tensor {
    const full = [...this.scopes, name].join('.');
    const known = this.parameters.get(full);
    if (known) {
      if (!sameShape(known.tensor.shape, shape)) throw new Error(`parameter ${full} has two shapes`);
      return known.tensor;
    }
    const [tensor] = this.apply('parameter', [], { name: full, shape });
    this.parameters.set(full, {
      name: full,
      tensor,
      initializer,
      decay: options.decay ?? false,
      clamp: options.clamp,
      trainable: !this.freezes && !options.frozen && options.follow === undefined,
      follow: this.freezes ? undefined : options.follow,
    });
    return tensor;
  }

  /** What a statistic (`parameter` with `follow`) is to move toward in this step; the first of several observations counts. */
  observe(statistic: Tensor, observed: Tensor): void {
    const parameter = this.parameters.get(String(statistic.node.attributes['name']));
    if (parameter?.follow === undefined) throw new Error('only a statistic observes');
    parameter.observed ??= observed;
  }

  output(name: string, tensor: Tensor): void {
    this.outputs.set(name, tensor);
  }

  /** Runs `build` inside a block; nodes and parameters made there carry its name. */
  scope<T>(name: string, build: () => T): T {
    this.scopes.push(name);
    try {
      return build();
    } finally {
      this.scopes.pop();
    }
  }

  /** Parameters made inside are frozen. */
  frozen<T>(build: () => T): T {
    const before = this.freezes;
    this.freezes = true;
    try {
      return build();
    } finally {
      this.freezes = before;
    }
  }

  /** Layers made inside carry the adapters that `adapterOf` gives them by their path. */
  adapted<T>(adapterOf: (layer: string) => LowRank | undefined, build: () => T): T {
    const before = this.adapts;
    this.adapts = adapterOf;
    try {
      return build();
    } finally {
      this.adapts = before;
    }
  }

  /** The adapter of a layer, by default that of the block being built. */
  adapterOf(layer = this.path): LowRank | undefined {
    return this.adapts?.(layer);
  }

  /** Of the block being built. */
  get path(): string {
    return this.scopes.join('.');
  }

  /** As `scope`, but with a whole path and from the top: gradients carry the path of what they differentiate. */
  at<T>(path: string, build: () => T): T {
    const kept = this.scopes;
    this.scopes = path ? path.split('.') : [];
    try {
      return build();
    } finally {
      this.scopes = kept;
    }
  }

  /** Nodes that the given tensors need, in order. */
  needed(tensors: Iterable<Tensor>): Node[] {
    const marked = new Set<Node>();
    const pending = [...tensors].map((tensor) => tensor.node);
    while (pending.length) {
      const node = pending.pop()!;
      if (marked.has(node)) continue;
      marked.add(node);
      for (const input of node.inputs) pending.push(input.node);
    }
    return this.nodes.filter((node) => marked.has(node));
  }

  /** Numbers that are learned. */
  parameterCount(): number {
    let count = 0;
    for (const { tensor, trainable } of this.parameters.values())
      if (trainable) count += sizeOf(tensor.shape);
    return count;
  }
}
