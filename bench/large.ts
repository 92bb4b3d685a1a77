/**
 * `npm run large [-- pairs] [--keep FOLDER]`: a set that memory does not hold, in the page: drawn pairs in WebDataset shards are dropped, imported, looked through, trained on
 * and opened again. Prints times and how much memory the page's process took at most (Linux only: `VmHWM`). A quarter of an hour for 100,000 pairs.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import sharp from 'sharp';
import { preview } from 'vite';
import { chooseRecipe, goTo, smallRecipe, stepShown } from '../e2e/studio.ts';
import { chromiumArguments, chromiumPath } from '../scripts/browser.ts';
import { shapes } from '../src/data/synthetic/shapes.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { keep: { type: 'string' }, side: { type: 'string', default: '96' } },
});
const pairs = Number(positionals[0] ?? 100_000);
const perShard = 10_000;
const say = (text: string) => process.stderr.write(`${text}\n`);

/** A header of POSIX ustar, 512 bytes. */
function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write(`${'0'.repeat(11)}\0`, 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

const padded = (name: string, bytes: Uint8Array): Buffer[] => [
  tarHeader(name, bytes.length),
  Buffer.from(bytes),
  Buffer.alloc((512 - (bytes.length % 512)) % 512),
];

/** Shards of JPEG pictures, 128 × 128, with a caption each. */
async function makeShards(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let from = 0, shard = 0; from < pairs; from += perShard, shard++) {
    const count = Math.min(perShard, pairs - from);
    const set = await shapes.make({ count, size: 128, seed: shard });
    const bytes = set.size ** 2 * 3;
    const parts: Buffer[] = [];
    for (let at = 0; at < count; at += 64) {
      const indices = Array.from({ length: Math.min(64, count - at) }, (_, i) => at + i);
      const pictures = await Promise.all(
        indices.map((i) =>
          sharp(set.pixels.subarray(i * bytes, (i + 1) * bytes), {
            raw: { width: set.size, height: set.size, channels: 3 },
          })
            .jpeg({ quality: 85 })
            .toBuffer(),
        ),
      );
      for (const [place, i] of indices.entries()) {
        const name = String(from + i).padStart(7, '0');
        parts.push(...padded(`${name}.jpg`, pictures[place]));
        parts.push(...padded(`${name}.txt`, Buffer.from(set.captions[i][0])));
      }
    }
    await writeFile(
      join(folder, `${String(shard).padStart(5, '0')}.tar`),
      Buffer.concat([...parts, Buffer.alloc(1024)]),
    );
    say(`drawn: ${from + count}`);
  }
}

/** Highest resident memory of the largest renderer since the latest reset, MiB. */
async function peak(profile: string): Promise<number> {
  let most = 0;
  for (const pid of await renderers(profile)) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  }
  return Math.round(most);
}

async function resetPeak(profile: string): Promise<void> {
  for (const pid of await renderers(profile))
    await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => undefined);
}

/** Renderers of the browser with this profile. */
async function renderers(profile: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes('--type=renderer') && line.includes(profile)) found.push(pid);
  }
  return found;
}

const seconds = async (what: string, profile: string, work: () => Promise<unknown>): Promise<number> => {
  await resetPeak(profile);
  const begin = performance.now();
  await work();
  const took = (performance.now() - begin) / 1000;
  console.log(`| ${what} | ${took.toFixed(took < 10 ? 2 : 0)} s | ${await peak(profile)} MiB |`);
  return took;
};

/** Steps a second over a while, as the bar counts them. */
async function stepsPerSecond(page: Page, span: number): Promise<number> {
  const [from, begin] = [await stepShown(page), performance.now()];
  await page.waitForTimeout(span * 1000);
  return ((await stepShown(page)) - from) / ((performance.now() - begin) / 1000);
}

const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'amalgam-large-')));
if (!existsSync(join(folder, '00000.tar'))) await makeShards(folder);
const shards = (await readdir(folder))
  .filter((name) => name.endsWith('.tar'))
  .map((name) => join(folder, name));
execFileSync('npx', ['vite', 'build', '--logLevel', 'warn'], { stdio: ['ignore', 2, 2] });
const server = await preview({ preview: { port: 4199, strictPort: true, host: '127.0.0.1' } });
const profile = await mkdtemp(join(tmpdir(), 'amalgam-profile-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: chromiumPath(),
  args: chromiumArguments,
  viewport: { width: 1440, height: 900 },
});
try {
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(1_800_000);
  await page.goto('http://127.0.0.1:4199/#/data');
  console.log(
    `${pairs} pairs, stored at ${values.side} × ${values.side}; ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}\n`,
  );
  console.log('| | time | peak of the page’s process |\n| --- | --- | --- |');
  await seconds('dropped until the first rows are shown', profile, async () => {
    await page.locator('input[type=file]:not([webkitdirectory])').first().setInputFiles(shards);
    await page.getByRole('heading', { name: 'First rows' }).waitFor();
  });
  await page.getByLabel('Side in pixels').fill(values.side);
  const importing = await seconds('read, decoded and kept', profile, async () => {
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page
      .getByLabel('Data sets', { exact: true })
      .getByText(`${pairs.toLocaleString('en')} pictures`)
      .waitFor();
  });
  const opening = await seconds('opened again after a reload, until samples are shown', profile, async () => {
    await page.reload();
    await page.locator('canvas').first().waitFor();
  });
  console.log(
    `\nThe second opening is ${(importing / opening).toFixed(0)} × faster. Pictures a second while importing: ${(pairs / importing).toFixed(0)}.\n`,
  );
  await chooseRecipe(page, smallRecipe);
  await seconds('from Train to step 5', profile, async () => {
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    while ((await stepShown(page)) < 5) await page.waitForTimeout(200);
  });
  const rate = await stepsPerSecond(page, 30);
  console.log(
    `\n${rate.toFixed(2)} steps a second of ${smallRecipe.training.batch} pairs; peak while training ${await peak(profile)} MiB.`,
  );
  await goTo(page, 'Data');
} finally {
  await context.close();
  await server.close();
  await rm(profile, { recursive: true, force: true });
  if (!values.keep) await rm(folder, { recursive: true, force: true });
}
