/** Twenty steps of a case in float64: the graph by the interpreter, the rule by its `reference`, clipping and the running average as formulas. */
import { directed, directionGraph } from '../../engine/compile/direction.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { type Found, network, type OptimizerCase, steps } from './optimizerCase.ts';

export function inFloat64(one: OptimizerCase): Found {
  const { layout, rule, specification, start, rate, batch } = network(one);
  const { graph, gradients, scalars, accumulate = 1, clip, averageDecay } = specification;
  const values = new Map([...start].map(([name, list]) => [name, Float64Array.from(list)]));
  const average = new Map([...values].map(([name, list]) => [name, list.slice()]));
  const moments = new Map(layout.entries.map(({ name, size }) => [name, columns(size, rule.moments)]));
  const directions = directionGraph(layout, rule.direction);
  const losses: number[] = [];
  const norms: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const sums = new Map(layout.entries.map(({ name, size }) => [name, new Float64Array(size)]));
    let loss = 0;
    for (let k = 0; k < accumulate; k++) {
      const inputs = batch(step, k);
      const read = (name: string) => values.get(name) ?? inputs[name as 'x' | 'y'];
      const [[now], ...found] = interpret(graph, [scalars.get('loss')!, ...gradients.values()], read);
      loss += now / accumulate;
      for (const [index, name] of [...gradients.keys()].entries())
        for (let i = 0; i < found[index].length; i++) sums.get(name)![i] += found[index][i] / accumulate;
    }
    losses.push(loss);
    const moving = layout.entries.filter(({ name }) => specification.groupOf(name).rateFactor > 0);
    const norm = Math.sqrt(
      moving.reduce((total, { name }) => sums.get(name)!.reduce((sum, g) => sum + g * g, total), 0),
    );
    norms.push(norm);
    const factor = Math.min(1, clip / (norm + 1e-6));
    const clipped = new Map([...sums].map(([name, list]) => [name, list.map((g) => g * factor)]));
    if (rule.direction && directions) {
      for (const { name } of directions.entries)
        for (const [i, g] of clipped.get(name)!.entries()) {
          const ahead = rule.direction.reference({ g, m0: moments.get(name)![i][0] });
          clipped.get(name)![i] = ahead.g;
          moments.get(name)![i][0] = ahead.m0;
        }
      const found = interpret(
        directions.graph,
        [...directions.directions.values()],
        (name) => clipped.get(name)!,
      );
      for (const [k, name] of [...directions.directions.keys()].entries())
        clipped.set(name, Float64Array.from(found[k]));
    }
    for (const entry of moving) {
      const { name, size } = entry;
      const { rateFactor, weightDecay } = specification.groupOf(name);
      for (let i = 0; i < size; i++) {
        const next = rule.reference({
          p: values.get(name)![i],
          g: clipped.get(name)![i],
          m: moments.get(name)![i],
          rate: rate(step) * rateFactor,
          decay: weightDecay,
          s: rule.scalars(step),
          directed: rule.direction && directed(rule.direction, entry),
        });
        values.get(name)![i] = next.p;
        moments.get(name)![i] = next.m;
      }
    }
    const decay = step === 1 ? 0 : averageDecay;
    for (const [name, list] of values)
      for (const [i, p] of list.entries())
        average.get(name)![i] = decay * average.get(name)![i] + (1 - decay) * p;
  }
  const plain = (map: ReadonlyMap<string, Float64Array>) =>
    Object.fromEntries([...map].map(([name, list]) => [name, [...list]]));
  return { losses, norms, parameters: plain(values), average: plain(average) };
}

const columns = (rows: number, width: number): number[][] =>
  Array.from({ length: rows }, () => new Array<number>(width).fill(0));
