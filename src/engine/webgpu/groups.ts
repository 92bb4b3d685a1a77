/**
 * Settings of the optimizer: parameters of equal settings share a group, and each 64-float block of the flat buffers names its group. Which
 * parameters move depends on the graphs that a step ran: the others take the group that leaves all as it is.
 */
import { StudioError } from '../../core/errors.ts';
import { directed } from '../compile/direction.ts';
import { blockSize, type ParameterLayout } from '../compile/layout.ts';
import type { ParameterGroup, StepGraph, TrainerSpecification } from '../executor.ts';
import type { Device } from './device.ts';
import { directedFlag, maxParameterGroups } from './flat.ts';

const still: ParameterGroup = { rateFactor: 0, weightDecay: 0, low: 0, high: 0 };

export class ParameterGroups {
  private readonly layout: ParameterLayout;
  private readonly list: ParameterGroup[] = [still];
  /** Group of each entry of the layout, when it moves; flagged where it takes a direction. */
  private readonly own: number[];

  /** @throws StudioError `recipe-invalid` for more different settings than the step's uniform holds */
  constructor(
    layout: ParameterLayout,
    { groupOf, optimizer }: Pick<TrainerSpecification, 'groupOf' | 'optimizer'>,
  ) {
    this.layout = layout;
    const known = new Map<string, number>();
    this.own = layout.entries.map((entry) => {
      const group = groupOf(entry.name);
      const key = JSON.stringify(group);
      const index = known.get(key) ?? this.list.push(group) - 1;
      known.set(key, index);
      return index + (optimizer.direction && directed(optimizer.direction, entry) ? directedFlag : 0);
    });
    if (this.list.length > maxParameterGroups)
      throw new StudioError('recipe-invalid', {
        path: 'training.groups',
        message: `${this.list.length} different settings; at most ${maxParameterGroups}`,
      });
  }

  /** The settings as the step's uniform has them, 4 floats a group. A statistic's share is a negative rate, see optimize.ts. */
  table(): Float32Array<ArrayBuffer> {
    return Float32Array.from(
      this.list.flatMap(({ rateFactor, weightDecay, low, high, follow }) =>
        follow === undefined ? [rateFactor, weightDecay, low, high] : [-follow, 0, low, high],
      ),
    );
  }

  /** Group of each block, when a step ran these graphs. */
  blocks(graphs: readonly StepGraph[]): Uint32Array<ArrayBuffer> {
    const blocks = new Uint32Array(this.layout.total / blockSize);
    for (const [k, { name, offset, size }] of this.layout.entries.entries())
      if (graphs.some(({ gradients }) => gradients.has(name)))
        blocks.fill(this.own[k], offset / blockSize, Math.ceil((offset + size) / blockSize));
    return blocks;
  }
}

/** The group of each block on the device, as the optimizer's kernel reads it. */
export class BlockGroups {
  private readonly device: Device;
  private settings: ParameterGroups;
  private readonly buffer: GPUBuffer;
  private readonly first: StepGraph;
  /** A buffer for every set of graphs that a step ran. */
  private readonly known = new Map<string, GPUBuffer>();
  private readonly numbers = new Map<StepGraph, number>();
  private now: string;

  /** @param buffer is filled for steps of `first` alone; owned by the caller */
  constructor(device: Device, settings: ParameterGroups, buffer: GPUBuffer, first: StepGraph) {
    this.device = device;
    this.settings = settings;
    this.buffer = buffer;
    this.first = first;
    this.now = this.keyOf([first]);
    device.gpu.queue.writeBuffer(buffer, 0, settings.blocks([first]));
  }

  /** Other settings, for the steps that are encoded after this; those before must have been submitted. */
  configure(settings: ParameterGroups): void {
    this.destroy();
    this.known.clear();
    this.settings = settings;
    this.now = this.keyOf([this.first]);
    this.device.gpu.queue.writeBuffer(this.buffer, 0, settings.blocks([this.first]));
  }

  /** For the step that is being encoded: what has a gradient in one of these graphs moves. */
  choose(encoder: GPUCommandEncoder, graphs: readonly StepGraph[]): void {
    const key = this.keyOf(graphs);
    if (key === this.now) return;
    let chosen = this.known.get(key);
    if (!chosen) {
      const blocks = this.settings.blocks(graphs);
      const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
      chosen = this.device.gpu.createBuffer({ label: 'groups of a step', size: blocks.byteLength, usage });
      this.device.gpu.queue.writeBuffer(chosen, 0, blocks);
      this.known.set(key, chosen);
    }
    encoder.copyBufferToBuffer(chosen, 0, this.buffer, 0, chosen.size);
    this.now = key;
  }

  private keyOf(graphs: readonly StepGraph[]): string {
    const numbers = graphs.map((graph) => {
      if (!this.numbers.has(graph)) this.numbers.set(graph, this.numbers.size);
      return this.numbers.get(graph)!;
    });
    return [...new Set(numbers)].sort((a, b) => a - b).join();
  }

  destroy(): void {
    for (const buffer of this.known.values()) buffer.destroy();
  }
}
