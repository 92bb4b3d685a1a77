/**
 * Records runs for the detectors' tests, under Node on whatever adapter there is, and says what is found in each: `tuned`, on which thresholds were set, or `fresh`,
 * which these were not. Without names all of a set are made anew.
 * npx tsx bench/findings/record.ts tuned|fresh [name …]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, globals } from 'webgpu';
import { parseArguments } from '../../src/cli/arguments.ts';
import { dataRules, openData } from '../../src/cli/openData.ts';
import { prepare } from '../../src/data/prepare.ts';
import { memoryFiles } from '../../src/data/store.memory.ts';
import { GpuExecutor } from '../../src/engine/webgpu/executor.ts';
import { factsFor } from '../../src/training/diagnosis/facts.ts';
import { diagnosed, type MadeRun, verdictOf } from '../../src/training/diagnosis/testing/made.ts';
import type { MetricRow } from '../../src/training/metricLog.ts';
import { RunStore } from '../../src/training/runStore.ts';
import { Session } from '../../src/training/session.ts';
import { fresh } from './fresh.ts';
import { type Plan, tuned } from './tuned.ts';

const wanted =
  /^(loss|loss\..*|grad\.(?!block\/|term\/|fusion|heads).*|ratio\.(?!fusion|heads).*|lr|temperature|overflows|lossScale|time\.data|stepMs)$/;
const note = (text: string) => process.stderr.write(`${text}\n`);
const short = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : null);

async function record({ name, recipe, data, spoil }: Plan): Promise<MadeRun> {
  const { dataset } = await openData(parseArguments(['--data', data], dataRules));
  const prepared = await prepare(spoil ? spoil(dataset) : dataset, recipe.data);
  const executor = await GpuExecutor.create(create([]));
  const rows: MetricRow[] = [];
  const runs = new RunStore(memoryFiles());
  const session = new Session({
    executor,
    recipe,
    data: prepared,
    runs,
    run: name,
    keep: false,
    onRow: (row) => rows.push(row),
  });
  await session.prepare();
  session.start();
  await session.settled();
  if (session.error) note(`  ended at step ${session.step}: ${session.error.code}`);
  const steps: MadeRun['steps'] = {};
  const trained = rows.filter(({ loss }) => loss !== undefined);
  for (const column of new Set(trained.flatMap((row) => Object.keys(row).filter((one) => wanted.test(one)))))
    steps[column] = trained.map((row) => short(row[column]));
  const validations = rows
    .filter(({ loss }) => loss === undefined)
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [key, key === 'step' ? value : (short(value) ?? 0)]),
      ),
    );
  session.destroy();
  executor.device.destroy();
  return { name, recipe, facts: factsFor(prepared, recipe), steps, validations };
}

/** Codes that a run was made to show and that were not found, and such as nobody expected. */
function tell(run: MadeRun): void {
  for (const { key, severity, since, seen } of diagnosed(run).found.values())
    note(`  ${severity} ${key} since ${since}: ${seen.en}`);
  const { misses, alarms } = verdictOf(run);
  note(`  missed: ${misses.join(', ') || 'nothing'}; false alarms: ${alarms.join(', ') || 'none'}`);
}

Object.assign(globalThis, globals);
const [set, ...only] = process.argv.slice(2);
const plans: readonly (Plan & Pick<MadeRun, 'shows' | 'also'>)[] = set === 'fresh' ? fresh : tuned;
const folder = new URL('../../src/training/diagnosis/testing/', import.meta.url);
const file = fileURLToPath(new URL(set === 'fresh' ? 'fresh.json' : 'runs.json', folder));
const known = (): MadeRun[] => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);
for (const plan of plans) {
  if (only.length > 0 && !only.includes(plan.name)) continue;
  const began = performance.now();
  note(plan.name);
  try {
    const run = { ...(await record(plan)), shows: plan.shows, also: plan.also };
    // Another process may have recorded others meanwhile.
    const made = new Map(known().map((one) => [one.name, one])).set(plan.name, run);
    writeFileSync(file, JSON.stringify(plans.flatMap(({ name }) => made.get(name) ?? [])));
    tell(run);
  } catch (error) {
    note(`  ${error}`);
  }
  note(`  ${Math.round((performance.now() - began) / 1000)} s`);
}
process.exit(0);
