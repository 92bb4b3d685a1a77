/**
 * Writes captions: greedily, by sampling with a temperature and the k likeliest tokens, or by beam search (the sum of log probabilities
 * divided by length^0.7, Wu et al. 2016). The decoder runs on the device with its cache of keys and values there; each step sends a token per row and reads one row of
 * logits, from which the processor chooses (decision 15).
 */
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import { evaluationBatch } from '../data/batches.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor, NumberArray, Runner, Weights } from '../engine/executor.ts';
import type { ModelShape } from '../models/build.ts';
import { captionMemoryGraph, captionStepGraph } from '../models/generation.ts';
import { tokenLogits } from '../models/shape.ts';
import { graphInputs } from './feed.ts';

export interface Writing {
  how: 'greedy' | 'sample' | 'beam';
  /** Of `sample`: lower is safer. */
  temperature: number;
  /** Of `sample`: only so many likeliest tokens. */
  top: number;
  /** Of `beam`: how many are kept. */
  beams: number;
  seed: number;
}

export const greedy: Writing = { how: 'greedy', temperature: 1, top: 40, beams: 4, seed: 0 };

const lengthPower = 0.7;

interface Row {
  tokens: number[];
  score: number;
  done: boolean;
}

export class Writer {
  private readonly memory: Runner;
  private readonly step: Runner;
  private readonly shape: ModelShape;
  private readonly rows: number;
  private readonly blocks: string[];

  private constructor(memory: Runner, step: Runner, shape: ModelShape, rows: number, blocks: string[]) {
    this.memory = memory;
    this.step = step;
    this.shape = shape;
    this.rows = rows;
    this.blocks = blocks;
  }

  /** @param rows captions that are written at once; a beam search of n takes n of them */
  static async create(
    executor: Executor,
    recipe: Recipe,
    shape: ModelShape,
    weights: Weights,
    rows: number,
  ): Promise<Writer> {
    const one = { ...shape, batch: rows, pictures: undefined };
    const first = captionMemoryGraph(recipe, one);
    const cross = [...first.outputs.keys()].filter((name) => name.startsWith('cross.'));
    const tokens = first.outputs.get(cross[0])!.shape[1];
    const next = captionStepGraph(recipe, one, rows, {
      tokens,
      masked: first.outputs.has('memoryKeep'),
    });
    const memory = await executor.runner(first.graph, first.outputs, weights);
    const step = await executor.runner(next.graph, next.outputs, weights, undefined, {
      feedback: next.feedback,
    });
    return new Writer(memory, step, one, rows, cross);
  }

  /** Captions of these pairs' samples. */
  async write(data: PreparedData, pairs: Int32Array, writing: Writing): Promise<string[]> {
    const perSample = this.perSample(writing);
    const at = Math.floor(this.rows / perSample);
    const result: string[] = [];
    for (let start = 0; start < pairs.length; start += at) {
      const part = pairs.subarray(start, start + at);
      const spread = Int32Array.from(
        { length: part.length * perSample },
        (_, row) => part[Math.floor(row / perSample)],
      );
      const inputs = graphInputs(evaluationBatch(data, spread, this.rows));
      const written = await this.writeRows(inputs, part.length, writing, start);
      for (const ids of written) result.push(data.tokenizer.decode(ids).trim());
    }
    return result;
  }

  /** Rows that a sample takes. */
  private readonly perSample = ({ how, beams }: Writing) => (how === 'beam' ? Math.min(beams, this.rows) : 1);

  /**
   * Token ids of captions of `samples` samples; `inputs` holds each as often as it has beams, then anything. `number` of the first sample: each
   * draws from a stream of its own, whoever is written beside it.
   */
  async writeRows(
    inputs: Readonly<Record<string, NumberArray>>,
    samples: number,
    writing: Writing,
    number = 0,
  ): Promise<number[][]> {
    const { start, end } = this.shape.tokens!;
    const { textLength, vocabulary } = this.shape;
    const stride = tokenLogits(this.shape);
    const memory = await this.memory.run(inputs);
    for (const name of [...this.blocks, 'memoryKeep']) if (memory[name]) this.step.fill(name, memory[name]);
    const beams = this.perSample(writing);
    const rows: Row[] = Array.from({ length: samples * beams }, (_, index) => ({
      tokens: [start],
      // All beams of a sample begin alike: only the first counts until they differ.
      score: index % beams === 0 ? 0 : Number.NEGATIVE_INFINITY,
      done: false,
    }));
    const parent = Int32Array.from({ length: this.rows }, (_, row) => row);
    const keep = new Float32Array(this.rows * textLength);
    const streams = rows.map((_, row) => random(writing.seed, 'write', number + row));
    for (let place = 0; place < textLength - 1; place++) {
      for (let row = 0; row < this.rows; row++) keep[row * textLength + place] = 1;
      const token = Int32Array.from({ length: this.rows }, (_, row) => rows[row]?.tokens.at(-1) ?? end);
      const at = new Float32Array(textLength);
      at[place] = 1;
      const { logits } = await this.step.run({ token, place: at, keep, parent });
      for (let row = 0; row < this.rows; row++) parent[row] = row;
      const logShares = (row: number) => logSoftmax(logits.subarray(row * stride, row * stride + vocabulary));
      if (writing.how === 'beam') {
        for (let sample = 0; sample < samples; sample++)
          extend(rows, sample * beams, beams, logShares, end, parent);
      } else
        for (const [row, one] of rows.entries()) {
          if (one.done) continue;
          const shares = logShares(row);
          const chosen =
            writing.how === 'greedy' ? largest(shares) : pick(shares, writing, streams[row].uniform());
          one.tokens.push(chosen);
          one.done = chosen === end;
        }
      if (rows.every(({ done }) => done)) break;
    }
    return Array.from({ length: samples }, (_, sample) => {
      const own = rows.slice(sample * beams, (sample + 1) * beams);
      const normalized = ({ score, tokens }: Row) => score / tokens.length ** lengthPower;
      const best = own.reduce((a, b) => (normalized(b) > normalized(a) ? b : a));
      return best.tokens.filter((id) => id !== start && id !== end);
    });
  }

  destroy(): void {
    this.memory.destroy();
    this.step.destroy();
  }
}

/** The best continuations of a sample's beams take their places; finished ones stay as they are. */
function extend(
  rows: Row[],
  first: number,
  beams: number,
  logShares: (row: number) => Float64Array,
  end: number,
  parent: Int32Array,
): void {
  const candidates: { row: number; token?: number; score: number; rank: number }[] = [];
  for (let row = first; row < first + beams; row++) {
    const { score, done, tokens } = rows[row];
    const rank = (value: number, length: number) => value / length ** lengthPower;
    if (done) {
      candidates.push({ row, score, rank: rank(score, tokens.length) });
      continue;
    }
    if (score === Number.NEGATIVE_INFINITY) continue;
    const shares = logShares(row);
    for (const token of topOf(shares, beams))
      candidates.push({
        row,
        token,
        score: score + shares[token],
        rank: rank(score + shares[token], tokens.length + 1),
      });
  }
  candidates.sort((a, b) => b.rank - a.rank);
  const before = rows.slice(first, first + beams);
  for (let beam = 0; beam < beams; beam++) {
    const chosen = candidates[beam];
    if (!chosen) {
      rows[first + beam] = {
        tokens: [...before[0].tokens, end],
        score: Number.NEGATIVE_INFINITY,
        done: true,
      };
      continue;
    }
    const from = before[chosen.row - first];
    parent[first + beam] = chosen.row;
    rows[first + beam] =
      chosen.token === undefined
        ? from
        : {
            tokens: [...from.tokens, chosen.token],
            score: chosen.score,
            done: chosen.token === end,
          };
  }
}

function logSoftmax(logits: Float32Array): Float64Array {
  const top = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let total = 0;
  for (const value of logits) total += Math.exp(value - top);
  const logSum = top + Math.log(total);
  return Float64Array.from(logits, (value) => value - logSum);
}

const largest = (values: Float64Array) =>
  values.reduce((best, value, i) => (value > values[best] ? i : best), 0);

const topOf = (values: Float64Array, count: number): number[] =>
  Array.from(values.keys())
    .sort((a, b) => values[b] - values[a])
    .slice(0, count);

/** One of the `top` likeliest, by their shares at a temperature; `at` is 0 … 1. */
function pick(shares: Float64Array, { temperature, top }: Writing, at: number): number {
  const candidates = topOf(shares, Math.max(1, top));
  const weights = candidates.map((id) =>
    Math.exp((shares[id] - shares[candidates[0]]) / Math.max(temperature, 1e-3)),
  );
  let left = at * weights.reduce((a, b) => a + b, 0);
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left <= 0) return candidates[index];
  }
  return candidates[0];
}
