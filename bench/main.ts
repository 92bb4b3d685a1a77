/**
 * `npm run bench`: a training step of ours beside TensorFlow.js and jax-js on the same adapter, in one run. Standard output is Markdown,
 * progress goes to standard error. Never part of the tests: what it finds depends on the machine.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { create, globals } from 'webgpu';
import { GpuExecutor } from '../src/engine/webgpu/executor.ts';
import { check } from './check.ts';
import { coldStart } from './cold.ts';
import { compare, engineNames, LossMismatch } from './compare.ts';
import { decodeBench } from './decode.ts';
import { writeParts } from './document.ts';
import { heldBench } from './held.ts';
import { measureKernels, stepKernels } from './kernels/index.ts';
import { openChromium } from './places/chromium.ts';
import { startNode } from './places/node.ts';
import { clipTinyLosses } from './places/reference.ts';
import { overhead } from './processor.ts';
import { type Circumstances, coldLimit, markdown, type Part } from './report.ts';
import { workloadNames } from './workloads.ts';

const usage = `npm run bench -- [${workloadNames.join('] [')}]
  kernels         single ops at these workloads' shapes instead of steps
  decode          pictures a second of an import, beside sharp
  held            a frozen encoder whose features are kept, beside one that is computed
  --chromium      in module workers of a headless Chromium instead of Node
  --seconds N     for the alternating rounds of each workload
  --json FILE     everything that was measured
  --write         the tables into docs/benchmarks.md
  --check         exit code 1 and a line for each target that is not met`;

Object.assign(globalThis, globals);
const say = (text: string) => process.stderr.write(`${text}\n`);

/** Seconds of alternating rounds: at least nine steps of the slowest engine on a software adapter. */
const budgets: Record<string, number> = { 'clip-tiny': 60, 'clip-small': 300, 'clip-base': 300 };

const expectedLosses = (name: string): number[] =>
  name === 'clip-tiny' ? clipTinyLosses().slice(0, 10) : [];

/** Begins a part: date and load now; the end's load when it is called. */
function circumstances(place: Pick<Circumstances, 'adapter' | 'software' | 'host'>): () => Circumstances {
  const before = loadavg()[0];
  return () => ({
    ...place,
    date: new Date().toISOString().slice(0, 10),
    cores: availableParallelism(),
    load: [before, loadavg()[0]],
  });
}

async function inNode(
  name: string,
  seconds: number,
  place: Parameters<typeof circumstances>[0],
): Promise<Part> {
  const end = circumstances(place);
  const comparison = await compare({
    workload: name,
    start: (counting) => startNode({ counting }),
    seconds,
    expected: expectedLosses(name),
    say,
  });
  const part: Part & { kind: 'workload' } = {
    kind: 'workload',
    circumstances: end(),
    comparison,
    overhead: {},
    cold: {},
    step: [],
  };
  for (const engine of engineNames) {
    if (!comparison.engines[engine]) continue;
    say(`${name}: ${engine} where nothing executes`);
    try {
      part.overhead[engine] = await overhead(engine, name, () => startNode({ nothing: true }));
    } catch (error) {
      // A peer that fails here loses this figure, not the whole table.
      if (engine === 'amalgam') throw error;
      say(`${name}: ${engine} where nothing executes: ${String(error)}`);
    }
    // The peers take minutes for the larger ones.
    if (engine !== 'amalgam' && name !== 'clip-tiny') continue;
    say(`${name}: ${engine}, cold`);
    const milliseconds = await coldStart(engine, name, () => startNode({ cold: true }), coldLimit);
    part.cold[engine] = milliseconds ?? 'late';
  }
  say(`${name}: time by kernel`);
  part.step = await stepKernels(name);
  part.circumstances = end();
  return part;
}

async function inChromium(names: string[], seconds: (name: string) => number): Promise<Part[]> {
  say('chromium: bundling and starting');
  const place = await openChromium();
  try {
    const parts: Part[] = [];
    for (const name of names) {
      const { adapter, version } = place;
      const end = circumstances({ adapter, software: /swiftshader/i.test(adapter), host: version });
      const comparison = await compare({
        workload: name,
        start: place.start,
        seconds: seconds(name),
        expected: expectedLosses(name),
        say,
      });
      parts.push({ kind: 'workload', circumstances: end(), comparison, overhead: {}, cold: {}, step: [] });
    }
    return parts;
  } finally {
    await place.close();
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      chromium: { type: 'boolean' },
      seconds: { type: 'string' },
      json: { type: 'string' },
      write: { type: 'boolean' },
      check: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const unknown = positionals.filter(
    (name) => !['kernels', 'decode', 'held'].includes(name) && !workloadNames.includes(name),
  );
  if (values.help || unknown.length > 0 || (values.seconds && !(Number(values.seconds) > 0))) {
    say(unknown.length > 0 ? `no workload ${unknown.join(', ')}\n${usage}` : usage);
    return values.help ? 0 : 2;
  }
  if (positionals.includes('decode')) {
    const text = await decodeBench(Number(values.seconds ?? 10), values.write ?? false, say);
    process.stdout.write(`${text}\n`);
    return 0;
  }
  if (positionals.includes('held')) {
    const text = await heldBench(Number(values.seconds ?? 30), values.write ?? false, say);
    process.stdout.write(`${text}\n`);
    return 0;
  }
  const seconds = (name: string) => Number(values.seconds ?? budgets[name]);
  const named = positionals.filter((name) => name !== 'kernels');
  const parts: Part[] = [];
  if (values.chromium) parts.push(...(await inChromium(named.length > 0 ? named : ['clip-tiny'], seconds)));
  else {
    const { adapter } = await GpuExecutor.create(create([]));
    const place = {
      adapter: adapter.name,
      software: adapter.software,
      host: `Node ${process.versions.node}`,
    };
    const usual = workloadNames.filter((name) => name !== 'clip-base' || !adapter.software);
    if (!positionals.includes('kernels'))
      for (const name of named.length > 0 ? named : usual)
        parts.push(await inNode(name, seconds(name), place));
    else {
      const end = circumstances(place);
      const kernels = await measureKernels(named.length > 0 ? named : ['clip-tiny', 'clip-small'], say);
      parts.push({ kind: 'kernels', circumstances: end(), kernels });
    }
    // All targets together have one in a browser.
    if (values.check && positionals.length === 0) parts.push(...(await inChromium(['clip-tiny'], seconds)));
  }
  process.stdout.write(`${parts.map(markdown).join('\n\n')}\n`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(parts, null, 2)}\n`);
  if (values.write) writeParts(parts);
  if (!values.check) return 0;
  const { unmet, met, unmeasured } = check(parts);
  for (const line of unmeasured) say(`not measured: ${line}`);
  for (const line of unmet) say(`not met: ${line}`);
  say(`${met} targets met, ${unmet.length} not met, ${unmeasured.length} not measured`);
  return unmet.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof LossMismatch)) throw error;
  say(error.message);
  process.exitCode = 1;
}
// Dawn keeps the process alive.
process.exit();
