/** The optimizer's settings as a number for every number of the flat buffer. Which parameters move depends on the graphs that a step ran. */
import type { ParameterLayout } from '../compile/layout.ts';
import type { StepGraph, TrainerSpecification } from '../executor.ts';
import type { Tf, TfTensor } from '../graph/op.ts';

export interface Moving {
  /** Rate factor of what is learned, 0 of all else. */
  rate: TfTensor;
  /** Share of statistics; absent where the model has none. */
  follow?: TfTensor;
}

export class Settings {
  readonly decay: TfTensor;
  readonly low: TfTensor;
  readonly high: TfTensor;
  /** 1 for all numbers but those of statistics; absent where the model has none. */
  readonly learned?: TfTensor;
  /** Whether anything is frozen. */
  readonly frozen: boolean;
  private readonly tf: Tf;
  private readonly layout: ParameterLayout;
  private readonly groupOf: TrainerSpecification['groupOf'];
  private readonly known: { graphs: ReadonlySet<StepGraph>; moving: Moving }[] = [];

  constructor(tf: Tf, layout: ParameterLayout, { groupOf }: Pick<TrainerSpecification, 'groupOf'>) {
    this.tf = tf;
    this.layout = layout;
    this.groupOf = groupOf;
    this.decay = this.spread((name) => groupOf(name).weightDecay);
    this.low = this.spread((name) => groupOf(name).low);
    this.high = this.spread((name) => groupOf(name).high);
    this.frozen = layout.entries.some(({ name }) => {
      const { rateFactor, follow } = groupOf(name);
      return rateFactor === 0 && follow === undefined;
    });
    if (layout.entries.some(({ follow }) => follow !== undefined))
      this.learned = this.spread((name) => (groupOf(name).follow === undefined ? 1 : 0));
  }

  private spread(pick: (name: string) => number): TfTensor {
    const values = new Float32Array(this.layout.total);
    for (const { name, offset, size } of this.layout.entries) values.fill(pick(name), offset, offset + size);
    return this.tf.tensor1d(values);
  }

  /** After a step that ran these graphs. Stays owned here. */
  moving(graphs: ReadonlySet<StepGraph>): Moving {
    const same = this.known.find(
      (one) => one.graphs.size === graphs.size && [...graphs].every((graph) => one.graphs.has(graph)),
    );
    if (same) return same.moving;
    const pick = (of: (name: string) => number) =>
      this.spread((name) => ([...graphs].some(({ gradients }) => gradients.has(name)) ? of(name) : 0));
    const moving: Moving = {
      rate: pick((name) => {
        const { follow, rateFactor } = this.groupOf(name);
        return follow === undefined ? rateFactor : 0;
      }),
      follow: this.learned && pick((name) => this.groupOf(name).follow ?? 0),
    };
    this.known.push({ graphs: new Set(graphs), moving });
    return moving;
  }

  /** Bytes on the device. */
  get bytes(): number {
    const kinds = this.learned ? 4 + 2 * this.known.length : 3 + this.known.length;
    return kinds * this.layout.total * 4;
  }

  destroy(): void {
    for (const tensor of [this.decay, this.low, this.high]) tensor.dispose();
    this.learned?.dispose();
    for (const { moving } of this.known) {
      moving.rate.dispose();
      moving.follow?.dispose();
    }
  }
}
