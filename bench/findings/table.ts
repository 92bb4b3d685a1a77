/**
 * The table of docs/training.md: each detector on the fresh runs, as it is now.
 * npx tsx bench/findings/table.ts
 */
import { readFileSync } from 'node:fs';
import { detectors } from '../../src/training/diagnosis/index.ts';
import { type MadeRun, verdictOf } from '../../src/training/diagnosis/testing/made.ts';

const folder = new URL('../../src/training/diagnosis/testing/', import.meta.url);
const runs: MadeRun[] = JSON.parse(readFileSync(new URL('fresh.json', folder), 'utf8'));
const verdicts = runs.map((run) => ({ name: run.name, ...verdictOf(run) }));
const names = (list: readonly { name: string }[]) => list.map(({ name }) => `“${name}”`).join(', ') || '–';
const { log } = console;
log(`${runs.length} runs, ${runs.filter(({ shows }) => shows?.length === 0).length} of them healthy\n`);
log('| detector | found | missed | false alarms |\n|---|---:|---|---|');
for (const { code } of detectors) {
  const missed = verdicts.filter(({ misses }) => misses.includes(code));
  const alarmed = verdicts.filter(({ alarms }) => alarms.some((key) => key.split(' ')[0] === code));
  const hits = verdicts.filter((verdict) => verdict.hits.includes(code)).length;
  log(`| \`${code}\` | ${hits} of ${hits + missed.length} | ${names(missed)} | ${names(alarmed)} |`);
}
