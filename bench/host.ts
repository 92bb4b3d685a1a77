/** One engine at one workload in a process or worker of its own, on command: the same under Node and in Chromium. */
import type { Engine, OpenEngine } from './engines/engine.ts';
import { type Counts, count, type Memory } from './measure/counters.ts';
import { type Reference, type Workload, workload } from './workloads.ts';

/** By name; loaded only where they run, so that none carries another's code. */
const engines: Record<string, () => Promise<{ open: OpenEngine }>> = {
  amalgam: () => import('./engines/amalgam.ts'),
  jaxjs: () => import('./engines/jaxjs.ts'),
  tfjs: () => import('./engines/tfjs.ts'),
};

export interface Place {
  gpu: GPU;
  reference?: Reference;
  /** Processor time of this process, milliseconds; absent in browsers. */
  cpu?(): number;
}

export interface Opened {
  /** From asking for an adapter to the first loss on the processor: compiling, uploading, one step. */
  milliseconds: number;
  loss: number;
  batches: number;
  parameters: number;
}

export interface Ran {
  /** Of each step; where several were read together, their share. */
  milliseconds: number[];
  cpu: number[];
  losses: number[];
}

export interface Counted extends Ran {
  /** Of the last step. */
  counts: Counts;
  memory: Memory;
}

export class Host {
  private readonly place: Place;
  private readonly counter: ReturnType<typeof count> | undefined;
  private task!: Workload;
  private engine!: Engine;
  private step = 0;

  /** @param counting count calls and memory until `counted` has answered; otherwise only time is taken */
  constructor(place: Place, counting: boolean) {
    this.place = place;
    this.counter = counting ? count() : undefined;
  }

  async open(engine: string, name: string): Promise<Opened> {
    const { open } = await engines[engine]();
    this.task = workload(name, this.place.reference);
    const began = performance.now();
    this.engine = await open(this.task, this.place.gpu);
    const [loss] = await this.next(1);
    return {
      milliseconds: performance.now() - began,
      loss,
      batches: this.task.batches.length,
      parameters: this.task.setup.model.graph.parameterCount(),
    };
  }

  private async next(steps: number): Promise<number[]> {
    const { batches } = this.task;
    const chosen = Array.from({ length: steps }, (_, i) => batches[(this.step + i) % batches.length]);
    const first = this.step + 1;
    this.step += steps;
    return this.engine.run(chosen, first);
  }

  /** @param together steps whose losses are read at once */
  async run(steps: number, together = 1): Promise<Ran> {
    const ran: Ran = { milliseconds: [], cpu: [], losses: [] };
    for (let done = 0; done < steps; done += together) {
      const cpu = this.place.cpu?.();
      const began = performance.now();
      ran.losses.push(...(await this.next(together)));
      ran.milliseconds.push((performance.now() - began) / together);
      if (cpu !== undefined) ran.cpu.push((this.place.cpu!() - cpu) / together);
    }
    return ran;
  }

  /** Runs steps under the counters, then takes these off for good. */
  async counted(steps: number): Promise<Counted> {
    const before = await this.run(steps - 1);
    this.counter!.take();
    const last = await this.run(1);
    const counts = this.counter!.take();
    const memory = this.counter!.memory();
    this.counter!.end();
    return {
      milliseconds: [...before.milliseconds, ...last.milliseconds],
      cpu: [...before.cpu, ...last.cpu],
      losses: [...before.losses, ...last.losses],
      counts,
      memory,
    };
  }
}

/** What a process or worker is asked; the answers are those of the methods. */
export type Command =
  | { call: 'open'; engine: string; workload: string }
  | { call: 'run'; steps: number; together?: number }
  | { call: 'counted'; steps: number };

export function obey(host: Host, command: Command): Promise<Opened | Ran | Counted> {
  if (command.call === 'open') return host.open(command.engine, command.workload);
  if (command.call === 'run') return host.run(command.steps, command.together);
  return host.counted(command.steps);
}
