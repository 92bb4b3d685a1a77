/** Directions of whole parameters (see DirectionRule) on TensorFlow.js: the rule's first stage on the flat tensors, then its graph. */
import { type DirectionGraph, directionGraph } from '../compile/direction.ts';
import type { ParameterLayout } from '../compile/layout.ts';
import type { DirectionRule } from '../executor.ts';
import type { Tf, TfTensor } from '../graph/op.ts';
import { Plan } from './evaluate.ts';
import { flatten } from './flat.ts';

export class Directions {
  private readonly tf: Tf;
  private readonly layout: ParameterLayout;
  private readonly rule: DirectionRule;
  private readonly graph: DirectionGraph;
  private readonly plan: Plan;
  /** 1 where a parameter takes a direction. */
  private readonly mask: TfTensor;

  private constructor(tf: Tf, layout: ParameterLayout, rule: DirectionRule, graph: DirectionGraph) {
    this.tf = tf;
    this.layout = layout;
    this.rule = rule;
    this.graph = graph;
    this.plan = new Plan(graph.graph, graph.directions.values());
    const values = new Float32Array(layout.total);
    for (const { offset, size } of graph.entries) values.fill(1, offset, offset + size);
    this.mask = tf.tensor1d(values);
  }

  /** @returns undefined where no parameter takes a direction */
  static of(tf: Tf, layout: ParameterLayout, rule: DirectionRule | undefined): Directions | undefined {
    const graph = directionGraph(layout, rule);
    return rule && graph && new Directions(tf, layout, rule, graph);
  }

  /** Within a `tidy`. @param g clipped @returns `g` and `m0` as the update is to get them, and which numbers are directions */
  take(g: TfTensor, m0: TfTensor): { g: TfTensor; m0: TfTensor; directed: TfTensor } {
    const { tf, layout, rule, mask } = this;
    const ahead = rule.tfjs(tf, { g, m0 });
    const values = this.plan.run(tf, ({ attributes, outputs: [output] }) => {
      const { offset, size } = layout.byName.get(String(attributes['name']))!;
      return tf.reshape(tf.slice(ahead.g, [offset], [size]), [...output.shape]);
    });
    const { directions } = this.graph;
    const direction = flatten(tf, layout, (name) => {
      const tensor = directions.get(name);
      return tensor && values.get(tensor);
    });
    const directed = tf.greater(mask, 0);
    return { g: tf.where(directed, direction, g), m0: tf.where(directed, ahead.m0, m0), directed };
  }

  destroy(): void {
    this.mask.dispose();
  }
}
