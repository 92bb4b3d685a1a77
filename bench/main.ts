/**
 * `npm run bench`: a training step of ours beside TensorFlow.js on the same adapter, in alternating rounds of one process, so that what
 * else the machine does falls on both. Prints a table; `--write` puts it into docs/benchmarks.md. Never part of the tests.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { create, globals } from 'webgpu';
import type { Executor } from '../src/engine/executor.ts';
import { TfjsExecutor } from '../src/engine/tfjs/executor.ts';
import { GpuExecutor } from '../src/engine/webgpu/executor.ts';
import { initialize } from '../src/models/initialize.ts';
import { type KernelTime, recordKernels } from './kernels.ts';
import { workload, workloadNames } from './workloads.ts';

Object.assign(globalThis, globals);
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

/** Milliseconds after which no further round of a comparison begins. */
const patience = 45_000;

const say = (text: string) => process.stderr.write(`${text}\n`);

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function prepared(executor: Executor, name: string) {
  const { setup, inputs } = workload(name);
  const weights = await executor.weights(setup.layout, setup.rule.moments);
  weights.write('parameters', initialize(setup.layout, 0));
  const began = performance.now();
  const trainer = await executor.trainer(setup.specification, weights);
  let step = 0;
  const run = async () => {
    const start = performance.now();
    trainer.step(inputs, ++step, 1e-3);
    const [{ scalars }] = await trainer.records();
    return { milliseconds: performance.now() - start, loss: scalars['loss'] };
  };
  const first = await run();
  const bytes = trainer.bytes + setup.layout.total * 4 * (2 + setup.rule.moments);
  return { run, trainer, first, cold: performance.now() - began, bytes };
}

async function compare(name: string, gpu: GPU): Promise<string[]> {
  say(`${name}: compiling`);
  const ours = await prepared(await GpuExecutor.create(gpu), name);
  // TensorFlow.js asks the browser's global for its adapter.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true });
  const theirs = await prepared(await TfjsExecutor.create('webgpu'), name);
  if (Math.abs(ours.first.loss / theirs.first.loss - 1) > 1e-3)
    throw new Error(`losses differ: ${ours.first.loss} and ${theirs.first.loss}`);
  const times = { ours: [] as number[], theirs: [] as number[] };
  const end = performance.now() + patience;
  for (let round = 0; round < 5 && (round < 2 || performance.now() < end); round++) {
    say(`${name}: round ${round + 1}`);
    for (let i = 0; i < 3; i++) times.ours.push((await ours.run()).milliseconds);
    times.theirs.push((await theirs.run()).milliseconds);
  }
  const [a, b] = [median(times.ours), median(times.theirs)];
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  return [
    `| ${name} | Amalgam | ${a.toFixed(0)} | 1 | ${ours.trainer.dispatches} | ${mebibytes(ours.bytes)} | ${(ours.cold / 1000).toFixed(1)} |`,
    `| ${name} | our graph on TensorFlow.js 4.22 webgpu | ${b.toFixed(0)} | ${(b / a).toFixed(1)} × | – | ${mebibytes(theirs.bytes)} | ${(theirs.cold / 1000).toFixed(1)} |`,
  ];
}

/** Milliseconds of processor time that encoding and submitting a step costs, on Dawn's adapter that executes nothing. */
async function encodingCost(name: string): Promise<number> {
  say(`${name}: encoding alone`);
  const { trainer, run } = await prepared(await GpuExecutor.create(create(['backend=null'])), name);
  const times: number[] = [];
  for (let i = 0; i < 50; i++) times.push((await run()).milliseconds);
  trainer.destroy();
  return median(times);
}

/** The kernels in which a step spends most; empty where the adapter has no timestamps. */
async function kernelTable(name: string): Promise<string[]> {
  say(`${name}: time by kernel`);
  const gpu = create(['disable-dawn-features=timestamp_quantization']);
  const { take } = recordKernels(gpu);
  const { run } = await prepared(await GpuExecutor.create(gpu), name);
  const steps: KernelTime[][] = [];
  const end = performance.now() + patience / 3;
  for (let i = 0; i < 5 && (i < 2 || performance.now() < end); i++) {
    await take();
    await run();
    steps.push((await take()) ?? []);
  }
  const total = (step: KernelTime[]) => step.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const step = steps.sort((a, b) => total(a) - total(b))[Math.floor(steps.length / 2)];
  if (step.length === 0) return [];
  return [
    `Time on the device in one step of ${name}, ${total(step).toFixed(1)} ms in all, by kernel:`,
    '',
    '| kernel | dispatches | ms | share |',
    '|---|---|---|---|',
    ...step
      .slice(0, 10)
      .map(
        ({ label, dispatches, milliseconds }) =>
          `| ${label} | ${dispatches} | ${milliseconds.toFixed(2)} | ${((100 * milliseconds) / total(step)).toFixed(0)} % |`,
      ),
    '',
  ];
}

const gpu = create([]);
const { adapter } = await GpuExecutor.create(gpu);
const lines = [
  `${new Date().toISOString().slice(0, 10)}, ${adapter.name}${adapter.software ? ' (software)' : ''}, Node ${process.versions.node}, ${availableParallelism()} cores with a load of ${loadavg()[0].toFixed(1)} when it began. A full step: forward, backward, clip, AdamW, loss read back; medians.`,
  '',
  '| workload | engine | ms per step | ratio | dispatches | MiB on the device | first step, s |',
  '|---|---|---|---|---|---|---|',
];
for (const name of wanted.length ? wanted : workloadNames) lines.push(...(await compare(name, gpu)));
lines.push('');
for (const name of wanted.length ? wanted : workloadNames)
  lines.push(
    `Encoding, submitting and reading back one step of ${name} on an adapter that executes nothing: ${(await encodingCost(name)).toFixed(2)} ms.`,
    '',
  );
for (const name of wanted.length ? wanted : workloadNames) lines.push(...(await kernelTable(name)));
const text = lines.join('\n');
process.stdout.write(`${text}\n`);
if (process.argv.includes('--write')) {
  const path = new URL('../docs/benchmarks.md', import.meta.url);
  const page = readFileSync(path, 'utf8');
  writeFileSync(path, page.replace(/(<!-- bench -->\n)[\s\S]*(<!-- \/bench -->)/, `$1${text}\n$2`));
}
process.exit(0);
