/**
 * `npm test`: every check there is, one stage after the other; a failing stage does not stop the next ones.
 * `npm test -- unit gpu` runs only those. The last line is the count over all stages.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { root, setup } from './setup.mjs';

const reports = mkdtempSync(join(tmpdir(), 'amalgam-test-'));
const minutes = 60_000;

/** Runs a command to its end, its output going straight through; a stage that hangs is ended. */
function execute(command, args, { limit, environment = {} }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32',
    });
    const timer = setTimeout(() => {
      console.log(`\n${command} ${args.join(' ')} ran longer than ${limit / minutes} minutes and was ended`);
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
    }, limit);
    child.once('error', (error) => {
      clearTimeout(timer);
      console.log(`${command}: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}

/** A command that counts as one test. */
async function single(...commands) {
  const codes = [];
  for (const [command, ...args] of commands)
    codes.push(await execute('npx', ['--no-install', command, ...args], { limit: 10 * minutes }));
  const failed = codes.some((code) => code !== 0) ? 1 : 0;
  return { passed: 1 - failed, failed, skipped: 0 };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A stage whose tests all passed can still have failed: an error outside any test, or no report at all. */
function judged(counts, code) {
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

async function vitest(project) {
  const file = join(reports, `${project}.json`);
  const args = [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const code = await execute('npx', ['--no-install', ...args], { limit: 40 * minutes });
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  // A file that could not even be loaded has no tests to count.
  const unloaded = report.testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0,
  ).length;
  return judged(
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests + unloaded,
      skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    },
    code,
  );
}

async function playwright() {
  const file = join(reports, 'e2e.json');
  const code = await execute('npx', ['--no-install', 'playwright', 'test', '--reporter=list,json'], {
    limit: 40 * minutes,
    environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  });
  const stats = readReport(file)?.stats;
  if (!stats) return { passed: 0, failed: 1, skipped: 0 };
  return judged(
    { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped },
    code,
  );
}

/** Runs a stage that needs a browser; having none is a failure, never a skip. */
async function withChromium(stage) {
  const path = await ensureChromium();
  if (!path) return { passed: 0, failed: 1, skipped: 0 };
  process.env.CHROMIUM_PATH = path;
  return stage();
}

const stages = {
  types: () => single(['tsc', '--noEmit']),
  lint: () => single(['biome', 'check', '.'], ['knip']),
  unit: () => vitest('unit'),
  gpu: () => withChromium(() => vitest('gpu')),
  e2e: () => withChromium(playwright),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in stages));
if (unknown.length > 0) {
  console.error(`unknown stage ${unknown.join(', ')}; there are ${Object.keys(stages).join(', ')}`);
  process.exit(1);
}

const total = { passed: 0, failed: 0, skipped: 0 };
const lines = [];
try {
  setup();
} catch (error) {
  console.error(`setup: ${error instanceof Error ? error.message : error}`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
for (const name of wanted.length > 0 ? wanted : Object.keys(stages)) {
  console.log(`\n━━ ${name} ━━`);
  const began = performance.now();
  const counts = await stages[name]();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  for (const key of Object.keys(total)) total[key] += counts[key];
  lines.push(
    `${name.padEnd(6)} ${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} SKIPPED` : ''} (${seconds} s)`,
  );
}
rmSync(reports, { recursive: true, force: true });
console.log(`\n━━ all ━━\n${lines.join('\n')}`);
if (total.skipped > 0)
  console.log(`\n*** ${total.skipped} TESTS WERE SKIPPED: what they check was not checked ***`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
