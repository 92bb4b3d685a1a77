/** What must hold to the bit of every executor's trainers and weights, whichever optimizer they have. */
import { expect } from 'vitest';
import { layoutParameters } from '../../engine/compile/layout.ts';
import type { BufferName, Executor, Trainer, TrainerSettings, Weights } from '../../engine/executor.ts';
import {
  cases,
  flat,
  groupOf,
  type Network,
  network,
  networkGraph,
  started,
  steps,
  take,
} from './optimizerCase.ts';

export const named = (name: string) => cases.find((one) => one.name === name)!;

const buffers: BufferName[] = ['parameters', 'moment0', 'moment1', 'average'];

/** Every buffer that these weights keep. */
export async function everything(
  weights: Weights,
  { rule }: Pick<Network, 'rule'>,
): Promise<Record<string, Float32Array>> {
  const kept = buffers.filter((name) => name !== 'moment1' || rule.moments > 1);
  return Object.fromEntries(
    await Promise.all(kept.map(async (name) => [name, await weights.read(name)] as const)),
  );
}

/** Encodes steps of one micro-batch and awaits nothing. */
export function encode(trainer: Trainer, one: Network, first: number, last: number): void {
  for (let step = first; step <= last; step++) {
    const { x, y } = one.batch(step, 0);
    trainer.step({ x: Float32Array.from(x), y: Float32Array.from(y) }, step, one.rate(step));
  }
}

async function written(executor: Executor, one: Network, state: Readonly<Record<string, Float32Array>>) {
  const weights = await executor.weights(one.layout, one.rule.moments, true);
  for (const [buffer, values] of Object.entries(state)) weights.write(buffer as BufferName, values);
  return weights;
}

/** Ten steps, written and read back, and ten more are twenty. */
export async function checkResume(executor: Executor, name: string): Promise<void> {
  const one = network(named(name));
  const whole = await started(executor, one);
  const first = await executor.trainer(one.specification, whole);
  await take(first, one, 1, steps);
  const half = await started(executor, one);
  const second = await executor.trainer(one.specification, half);
  await take(second, one, 1, 10);
  const again = await written(executor, one, await everything(half, one));
  const third = await executor.trainer(one.specification, again);
  await take(third, one, 11, steps);
  expect(await everything(again, one), name).toEqual(await everything(whole, one));
  for (const made of [first, second, third, whole, half, again]) made.destroy();
}

/** Settings that change while steps wait for their submit are those of a trainer made with them from the same weights. */
export async function checkConfigure(executor: Executor, name: string): Promise<void> {
  const before = named(name);
  const one = network(before);
  const frozen = ['net.blocks.1.square.weight', 'net.head.bias'];
  const after: TrainerSettings = {
    groupOf: groupOf({ fields: { ...before.fields, weightDecay: 0.3 }, frozen }),
    clip: 0.05,
    averageDecay: 0.5,
  };
  const changed = await started(executor, one);
  const trainer = await executor.trainer(one.specification, changed);
  const { dispatches } = trainer;
  encode(trainer, one, 1, 6);
  trainer.configure(after);
  encode(trainer, one, 7, 12);
  const records = await trainer.records();
  expect(records).toHaveLength(12);
  expect(trainer.dispatches).toBe(dispatches);

  const fresh = await started(executor, one);
  const until = await executor.trainer(one.specification, fresh);
  encode(until, one, 1, 6);
  await until.records();
  const state = await everything(fresh, one);
  const other = await written(executor, one, state);
  const from = await executor.trainer({ ...one.specification, ...after }, other);
  encode(from, one, 7, 12);
  expect(records.slice(6)).toEqual(await from.records());
  const end = await everything(changed, one);
  expect(end).toEqual(await everything(other, one));
  // What is frozen keeps values and moments; all else moves.
  for (const { name: parameter, offset, size } of one.layout.entries)
    for (const buffer of ['parameters', 'moment0']) {
      const part = (all: Record<string, Float32Array>) => all[buffer].subarray(offset, offset + size).join();
      expect(part(end) === part(state), `${name} ${buffer} ${parameter}`).toBe(frozen.includes(parameter));
    }
  for (const made of [trainer, until, from, changed, fresh, other]) made.destroy();
}

/** A model that lacks one layer, in weights of its own; what it has comes from a run that was just submitted. */
export async function checkCopy(executor: Executor): Promise<void> {
  const one = network(named('AdamW'));
  const source = await started(executor, one);
  const trainer = await executor.trainer(one.specification, source);
  const layout = layoutParameters(networkGraph(1, { without: 'net.blocks.1.square' }).graph);
  const target = await executor.weights(layout, 1, true);
  const larger = await executor.weights(one.layout, 2, true);
  const ones = new Map(one.layout.entries.map(({ name, size }) => [name, new Float32Array(size).fill(1)]));
  for (const buffer of ['parameters', 'average', 'moment0', 'moment1'] as const)
    larger.write(buffer, flat(one.layout, ones));
  encode(trainer, one, 1, 8);
  trainer.submit();
  target.copyFrom(source);
  larger.copyFrom(target);
  const plain = await executor.weights(layout, 0);
  plain.copyFrom(source);
  const begun = await executor.weights(layout, 1, true);
  begun.copyFrom(plain);
  encode(trainer, one, 9, 12);
  await trainer.records();

  const check = await started(executor, one);
  const until = await executor.trainer(one.specification, check);
  encode(until, one, 1, 8);
  await until.records();
  const state = await everything(check, one);
  const found = {
    parameters: await target.read('parameters'),
    moment0: await target.read('moment0'),
    average: await target.read('average'),
  };
  const back = {
    parameters: await larger.read('parameters'),
    moment0: await larger.read('moment0'),
    moment1: await larger.read('moment1'),
    average: await larger.read('average'),
  };
  for (const buffer of ['parameters', 'moment0', 'average'] as const) {
    for (const { name, offset, size } of one.layout.entries) {
      const theirs = state[buffer].subarray(offset, offset + size);
      const entry = layout.byName.get(name);
      if (entry)
        expect(found[buffer].subarray(entry.offset, entry.offset + size), `${buffer} ${name}`).toEqual(
          theirs,
        );
      // What the smaller model lacks stays as it was.
      const kept = entry ? theirs : new Float32Array(size).fill(1);
      expect(back[buffer].subarray(offset, offset + size), `back ${buffer} ${name}`).toEqual(kept);
    }
  }
  // The smaller one keeps no such buffer.
  expect(back.moment1).toEqual(flat(one.layout, ones));
  // Averages start as the parameters.
  expect(await plain.read('parameters')).toEqual(found.parameters);
  expect(await begun.read('average')).toEqual(found.parameters);
  expect(await begun.read('moment0')).toEqual(new Float32Array(layout.total));
  for (const made of [trainer, until, source, target, larger, plain, begun, check]) made.destroy();
}

/** A runner of averaged weights computes as one of weights that the average was written to, also after more steps. */
export async function checkAveraged(executor: Executor): Promise<void> {
  const one = network(named('AdamW'));
  const weights = await started(executor, one);
  const averaged = weights.averaged();
  const { graph, scalars } = networkGraph(1);
  const runner = await executor.runner(graph, scalars, averaged);
  const trainer = await executor.trainer(one.specification, weights);
  const batch = one.batch(1, 0);
  const inputs = { x: Float32Array.from(batch.x), y: Float32Array.from(batch.y) };
  const plain = await executor.weights(one.layout, 0);
  const same = await executor.runner(graph, scalars, plain);
  const losses = [];
  for (const step of [1, 7, 13]) {
    plain.write('parameters', await weights.read('average'));
    const { loss } = await runner.run(inputs);
    expect(loss).toEqual((await same.run(inputs))['loss']);
    expect(await averaged.read('parameters')).toEqual(await weights.read('average'));
    losses.push(loss[0]);
    encode(trainer, one, step, step + 5);
    await trainer.records();
  }
  // Before the first step the average is the parameters.
  expect(new Set(losses).size).toBe(3);
  averaged.destroy();
  expect(await weights.read('average')).not.toEqual(await weights.read('parameters'));
  for (const made of [runner, same, trainer, weights, plain]) made.destroy();
}
