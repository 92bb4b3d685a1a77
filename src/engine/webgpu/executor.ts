/** The WebGPU executor: compiles once, replays every step. */
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
import type { Tensor } from '../graph/tensor.ts';
import { Device } from './device.ts';
import { stepPrograms } from './stepProgram.ts';
import { GpuTrainer } from './trainer.ts';
import { GpuWeights } from './weights.ts';

export class GpuExecutor implements Executor {
  readonly device: Device;
  private constructor(device: Device) {
    this.device = device;
  }

  /** @param gpu `navigator.gpu`, or Dawn's under Node @throws StudioError `webgpu-unavailable` */
  static async create(gpu: GPU | undefined): Promise<GpuExecutor> {
    return new GpuExecutor(await Device.acquire(gpu));
  }

  get adapter(): AdapterDescription {
    return this.device.adapter;
  }
  get lost(): Promise<string> {
    return this.device.lost;
  }

  weights(layout: ParameterLayout, moments: number, average = false): Promise<Weights> {
    return GpuWeights.create(this.device, layout, moments, average);
  }

  async warm(specification: TrainerSpecification, layout: ParameterLayout): Promise<void> {
    const { programs, look, rest } = stepPrograms(this.device, specification, layout);
    const kernels = [...programs.flatMap((made) => made.kernels), ...(look?.kernels ?? []), ...rest];
    await Promise.all(
      kernels.map((kernel) =>
        this.device.pipeline(kernel.label, kernel.wgsl, kernel.bindings, kernel.usesStep ? 2 : 1),
      ),
    );
  }

  trainer(
    specification: TrainerSpecification,
    weights: Weights,
    onProgress?: CompileProgress,
  ): Promise<Trainer> {
    return GpuTrainer.create(this.device, specification, ours(weights), onProgress);
  }

  /** Loaded with the first: training begins without. */
  async runner(
    graph: Graph,
    outputs: ReadonlyMap<string, Tensor>,
    weights: Weights,
    onProgress?: CompileProgress,
    options: RunnerOptions = {},
  ): Promise<Runner> {
    const { GpuRunner } = await import('./runner.ts');
    return GpuRunner.create(this.device, graph, outputs, ours(weights), { ...options, onProgress });
  }

  destroy(): void {
    this.device.destroy();
  }
}

function ours(weights: Weights): GpuWeights {
  if (!(weights instanceof GpuWeights)) throw new Error('these weights live on another executor');
  return weights;
}
