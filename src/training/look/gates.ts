/**
 * What the gates and routers of a fusion do on held-out samples: the mean of each gate with its spread, and how the tokens of each modality are shared among
 * experts. One batch, since the capacity of experts is that of a batch.
 */
import { evaluationBatch } from '../../data/batches.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { graphInputs } from '../feed.ts';
import { modelShape } from '../shape.ts';
import { namesOfTokens } from '../tokens.ts';
import { hasModality } from '../validate.ts';
import { fusionGraph } from './fusionGraph.ts';
import { keptRunner } from './kept.ts';
import type { Subject } from './look.ts';

export interface Gate {
  /** As the fusion names its probe, without `gate.`. */
  name: string;
  /** Modalities that the numbers are of, where each has one. */
  of?: string[];
  /** Over samples; of gates per channel over channels too. */
  mean: number[];
  deviation: number[];
}

export interface ExpertLoad {
  /** Which layer. */
  name: string;
  experts: number;
  /** Of a modality's tokens that count: the share whose largest weight is each expert's, and of those that none answered. */
  modalities: { of: string; tokens: number; shares: number[]; dropped: number }[];
}

export interface Gates {
  samples: number;
  gates: Gate[];
  loads: ExpertLoad[];
}

const most = 64;

/** @returns nothing where the fusion has neither gates nor experts */
export async function look({ model }: Subject): Promise<Gates | undefined> {
  const { recipe, data, executor, weights } = model;
  const held = data.splitPairs.validation.length > 0 ? data.splitPairs.validation : data.splitPairs.train;
  const pairs = held.slice(0, most);
  const batch = pairs.length;
  const shape = { ...modelShape(recipe, data), batch, pictures: undefined };
  const { built, graph, outputs } = fusionGraph(model, shape, /^(gate|routing)\./);
  if (outputs.size === 0) return undefined;
  const runner = await keptRunner(model, 'gates', () => executor.runner(graph, outputs, weights));
  const rows = evaluationBatch(data, pairs, batch);
  const found = await runner.run(graphInputs(rows));
  const all = Object.keys(recipe.encoders);
  const gates: Gate[] = [];
  const loads: ExpertLoad[] = [];
  for (const [name, tensor] of outputs) {
    const [kind, ...rest] = name.split('.');
    const own = rest.join('.');
    if (kind === 'gate') gates.push(gateOf(own, found[name], tensor, batch, all));
    else {
      const places = all.map((of) => {
        const stored = built.encode(of).tokens.shape[1];
        return {
          of,
          stored,
          counts: Array.from(pairs, (pair) =>
            hasModality(data, of, pair) ? namesOfTokens(recipe, data, pair, of, stored).labels.length : 0,
          ),
        };
      });
      loads.push(loadOf(own, found[name], tensor, places));
    }
  }
  return { samples: batch, gates, loads };
}

/** Mean and deviation of a gate [B, n]: of n numbers that are modalities', or of all n together; or of one number that all samples share. */
export function gateOf(
  name: string,
  values: ArrayLike<number>,
  { shape }: Pick<Tensor, 'shape'>,
  batch: number,
  modalities: readonly string[],
): Gate {
  const perSample = shape[0] === batch && shape.length > 0;
  const size = perSample ? shape.slice(1).reduce((a, b) => a * b, 1) : 1;
  const apart = /^(modalities|reliability|open)$/.test(name) && size === modalities.length;
  const columns = apart ? size : 1;
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  const count = perSample ? batch * size : 1;
  for (let at = 0; at < count; at++) {
    sums[at % columns] += values[at];
    squares[at % columns] += values[at] ** 2;
  }
  const each = count / columns;
  const mean = Array.from(sums, (sum) => sum / each);
  return {
    name,
    ...(apart && { of: [...modalities] }),
    mean,
    deviation: mean.map((one, at) => Math.sqrt(Math.max(0, squares[at] / each - one * one))),
  };
}

/** @param places of each modality in order: tokens that are stored of every sample, and how many count */
export function loadOf(
  name: string,
  values: ArrayLike<number>,
  { shape }: Pick<Tensor, 'shape'>,
  places: readonly { of: string; stored: number; counts: readonly number[] }[],
): ExpertLoad {
  const [, length, experts] = shape;
  let from = 0;
  const modalities = places.map(({ of, stored, counts }) => {
    const shares = new Array<number>(experts).fill(0);
    let dropped = 0;
    for (const [sample, count] of counts.entries())
      for (let token = 0; token < count; token++) {
        const start = (sample * length + from + token) * experts;
        let best = 0;
        for (let expert = 1; expert < experts; expert++)
          if (values[start + expert] > values[start + best]) best = expert;
        if (values[start + best] > 0) shares[best]++;
        else dropped++;
      }
    from += stored;
    const tokens = counts.reduce((a, b) => a + b, 0);
    const share = (one: number) => one / Math.max(1, tokens);
    return { of, tokens, shares: shares.map(share), dropped: share(dropped) };
  });
  return { name, experts, modalities };
}
