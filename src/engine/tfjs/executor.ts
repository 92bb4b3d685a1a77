/**
 * The TensorFlow.js executor: the same graph, gradients and update rules on TensorFlow.js. The second opinion in tests, and the way to
 * train where there is no WebGPU.
 */
import type { ParameterLayout } from '../compile/layout.ts';
import type {
  AdapterDescription,
  CompileProgress,
  Executor,
  Runner,
  RunnerOptions,
  Trainer,
  TrainerSpecification,
  Weights,
} from '../executor.ts';
import type { Graph } from '../graph/graph.ts';
import type { Tf } from '../graph/op.ts';
import type { Tensor } from '../graph/tensor.ts';
import { loadTfjs, type TfjsBackend, type WasmPaths } from './backend.ts';
import { TfjsRunner } from './runner.ts';
import { TfjsTrainer } from './trainer.ts';
import { TfjsWeights } from './weights.ts';

export class TfjsExecutor implements Executor {
  readonly adapter: AdapterDescription;
  readonly lost: Promise<string> = new Promise(() => {});
  private readonly tf: Tf;

  private constructor(tf: Tf, backend: TfjsBackend) {
    this.tf = tf;
    this.adapter = {
      name: `TensorFlow.js ${tf.version_core} ${backend}`,
      software: backend === 'cpu' || backend === 'wasm',
      maxBuffer: Number.MAX_SAFE_INTEGER,
      features: [],
      wholeIntegers: backend === 'cpu' || backend === 'wasm',
    };
  }

  static async create(backend: TfjsBackend, wasmPaths?: WasmPaths): Promise<TfjsExecutor> {
    return new TfjsExecutor(await loadTfjs(backend, wasmPaths), backend);
  }

  async weights(layout: ParameterLayout, moments: number, average = false): Promise<Weights> {
    return TfjsWeights.create(this.tf, layout, moments, average);
  }

  /** TensorFlow.js compiles as it goes. */
  async warm(): Promise<void> {}

  async trainer(specification: TrainerSpecification, weights: Weights): Promise<Trainer> {
    return new TfjsTrainer(this.tf, specification, ours(weights));
  }

  async runner(
    graph: Graph,
    outputs: ReadonlyMap<string, Tensor>,
    weights: Weights,
    _onProgress?: CompileProgress,
    options?: RunnerOptions,
  ): Promise<Runner> {
    return new TfjsRunner(this.tf, graph, outputs, ours(weights), options);
  }

  destroy(): void {}
}

function ours(weights: Weights): TfjsWeights {
  if (!(weights instanceof TfjsWeights)) throw new Error('these weights live on another executor');
  return weights;
}
