/**
 * What a step knows besides its inputs: a few values that each step writes (rate, clip, the rule's scalars, the average's share), and the table of
 * parameter groups behind them in the same uniform, written when settings change. Writes of the queue keep the order of submits, so that steps
 * before keep what they had and nothing waits.
 */
import type { ParameterLayout } from '../compile/layout.ts';
import type { StepGraph, TrainerSettings, TrainerSpecification } from '../executor.ts';
import type { Device } from './device.ts';
import { stepFloats, uniformFloats } from './flat.ts';
import { BlockGroups, ParameterGroups } from './groups.ts';

export class StepSettings {
  readonly uniform: GPUBuffer;
  /** Of the step that is being encoded. */
  readonly values = new Float32Array(stepFloats);
  private readonly device: Device;
  private readonly layout: ParameterLayout;
  private readonly specification: TrainerSpecification;
  private readonly blocks: BlockGroups;
  private clip: number;
  private averageDecay?: number;

  private constructor(
    device: Device,
    specification: TrainerSpecification,
    layout: ParameterLayout,
    uniform: GPUBuffer,
    groups: GPUBuffer,
  ) {
    this.device = device;
    this.specification = specification;
    this.layout = layout;
    this.uniform = uniform;
    this.clip = specification.clip;
    this.averageDecay = specification.averageDecay;
    const settings = new ParameterGroups(layout, specification);
    this.blocks = new BlockGroups(device, settings, groups, specification);
    device.gpu.queue.writeBuffer(uniform, stepFloats * 4, settings.table());
  }

  /** @param groups is filled with the group of each block; owned by the caller, as `uniform` is */
  static async create(
    device: Device,
    specification: TrainerSpecification,
    layout: ParameterLayout,
    groups: GPUBuffer,
  ): Promise<StepSettings> {
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const uniform = await device.buffer('step', uniformFloats * 4, usage);
    return new StepSettings(device, specification, layout, uniform, groups);
  }

  /** Values of a step, 1-based. */
  step(step: number, rate: number): void {
    const { values, averageDecay } = this;
    values.set([rate, this.clip]);
    values.set(this.specification.optimizer.scalars(step), 4);
    // The share of the parameters, 1 − d in float64: float32 would lose the digits of a decay near 1.
    values[12] = averageDecay === undefined || step === 1 ? 1 : 1 - averageDecay;
  }

  /** Values of a micro-batch. */
  micro(index: number): void {
    this.values[2] = 1 / (this.specification.accumulate ?? 1);
    this.values[3] = index === 0 ? 1 : 0;
  }

  /** See BlockGroups. */
  choose(encoder: GPUCommandEncoder, graphs: readonly StepGraph[]): void {
    this.blocks.choose(encoder, graphs);
  }

  /** Steps encoded before must have been submitted. */
  configure({ groupOf, clip, averageDecay }: TrainerSettings): void {
    if (averageDecay !== undefined && this.averageDecay === undefined)
      throw new Error('this trainer keeps no average');
    const { optimizer } = this.specification;
    const settings = new ParameterGroups(this.layout, { groupOf, optimizer });
    this.clip = clip;
    this.averageDecay = averageDecay ?? this.averageDecay;
    this.blocks.configure(settings);
    this.device.gpu.queue.writeBuffer(this.uniform, stepFloats * 4, settings.table());
  }

  destroy(): void {
    this.blocks.destroy();
  }
}
