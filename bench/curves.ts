/**
 * `npm run curves -- [--points 100000] [--runs 4]`: whether curves of many points hold sixty frames. A short run of the built studio is saved whole, its metrics are made as long as asked, and
 * it is opened again several times in a headless Chromium; then the curves are moved over, zoomed and brought back while animation frames are timed. Standard output is Markdown. Never part of the tests.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { chromium, type Page } from 'playwright';
import { build, preview } from 'vite';
import { chromiumArguments, chromiumPath } from '../scripts/browser.ts';
import { readSafetensors, writeSafetensors } from '../src/interchange/safetensors.ts';
import { toFloat32 } from '../src/interchange/tensorTypes.ts';

const { values } = parseArgs({
  options: { points: { type: 'string', default: '100000' }, runs: { type: 'string', default: '4' } },
});
const points = Number(values.points);
const count = Number(values.runs);

/** The same run with a row for each of so many steps: noise around a slow descent, another for each number. */
function lengthened(zip: Uint8Array, number: number): Uint8Array {
  const files: Record<string, Uint8Array> = unzipSync(zip);
  const run = JSON.parse(strFromU8(files['run.json']));
  const recipe = JSON.parse(strFromU8(files['recipe.json']));
  let state = 1 + number;
  const noise = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  };
  const step = Array.from({ length: points }, (_, at) => at + 1);
  const loss = step.map((at) => 0.5 + number / 10 + 3 / (1 + at / 5000) + 0.3 * noise());
  const metrics = {
    step,
    time: step.map((at) => at / 10),
    loss,
    'loss.infonce': loss,
    'grad.image': step.map(() => 1 + 0.4 * noise()),
    'grad.text': step.map(() => 0.8 + 0.4 * noise()),
    'ratio.image': step.map(() => 0.001 * (1 + noise())),
    'ratio.text': step.map(() => 0.001 * (1 + noise())),
    lr: step.map((at) => 0.001 * Math.cos(at / points)),
  };
  // It opens at its newest checkpoint and shows what was before: that is moved to the end.
  const saved = Object.keys(files).filter((name) => name.startsWith('checkpoint-'));
  const last = saved.toSorted().at(-1) ?? '';
  const { tensors, metadata } = readSafetensors(files[last]);
  const floats = new Map(
    [...tensors].map(([name, one]) => [name, { shape: one.shape, values: toFloat32(one) }]),
  );
  for (const name of saved) delete files[name];
  files[`checkpoint-${String(points).padStart(8, '0')}.safetensors`] = writeSafetensors(floats, {
    ...metadata,
    step: String(points),
  });
  files['metrics.json'] = strToU8(JSON.stringify(metrics));
  files['run.json'] = strToU8(JSON.stringify({ ...run, name: `long ${number + 1}`, step: points }));
  recipe.training.steps = points + 1;
  files['recipe.json'] = strToU8(JSON.stringify(recipe));
  return zipSync(files, { level: 0 });
}

/** Milliseconds between animation frames while something is done. */
async function framesWhile(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const found: number[] = [];
    let last = performance.now();
    const frame = (now: number) => {
      found.push(now - last);
      last = now;
      if (document.documentElement.dataset['timed'] !== 'no') requestAnimationFrame(frame);
    };
    document.documentElement.dataset['timed'] = 'yes';
    Object.assign(globalThis, { timedFrames: found });
    requestAnimationFrame(frame);
  });
  await act();
  return page.evaluate(() => {
    document.documentElement.dataset['timed'] = 'no';
    const found: unknown = Reflect.get(globalThis, 'timedFrames');
    return Array.isArray(found) ? found.slice(1).map(Number) : [];
  });
}

const folder = await mkdtemp(join(tmpdir(), 'amalgam-curves-'));
const built = join(folder, 'dist');
await build({ logLevel: 'warn', build: { outDir: built, emptyOutDir: true } });
const server = await preview({
  logLevel: 'warn',
  build: { outDir: built },
  preview: { host: '127.0.0.1', port: 0 },
});
const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });

try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1400 } });
  // tsx gives functions their names by a helper that the page lacks.
  await page.addInitScript('globalThis.__name = (named) => named');
  const items = ['loss', 'gradients', 'ratio'].map((panel) => ({
    id: panel,
    panel,
    columns: 6,
    rows: 10,
    settings: {},
  }));
  await page.addInitScript(
    (layout) => localStorage.setItem('amalgam.layout', layout),
    JSON.stringify({ state: { items }, version: 99 }),
  );
  await page.goto(`${server.resolvedUrls?.local[0]}`);
  await page.getByRole('button', { name: 'Train now' }).click();
  await page
    .getByText(/step [5-9]\d* of/)
    .first()
    .waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Pause training' }).click();
  await page.getByRole('banner').getByText('Paused').waitFor({ timeout: 60_000 });
  const screen = (name: string) =>
    page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name }).click();
  await screen('Export');
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the run' }).click();
  const short = join(folder, 'short.zip');
  await (await waiting).saveAs(short);
  const zip = new Uint8Array(await readFile(short));
  for (let number = 0; number < count; number++) {
    const file = join(folder, `long-${number}.zip`);
    await writeFile(file, lengthened(zip, number));
    await screen('Export');
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a zip' }).click();
    await (await chooser).setFiles(file);
    await page
      .getByRole('row')
      .filter({ hasText: `long ${number + 1}` })
      .waitFor({ timeout: 120_000 });
  }
  await screen('Runs');
  for (let number = 2; number <= count; number++) {
    const name = `Compare: long ${number}`;
    await page.getByRole('checkbox', { name }).click();
    await page.getByRole('checkbox', { name, checked: true }).waitFor();
  }
  await page
    .getByRole('row')
    .filter({ hasText: 'long 1' })
    .getByRole('button', { name: 'Open', exact: true })
    .click();
  const chart = page.locator('[data-panel][data-id="loss"] canvas').first();
  await chart.waitFor({ timeout: 120_000 });
  await page.waitForTimeout(5000);
  const box = await chart.boundingBox();
  if (!box) throw new Error('no chart');
  const at = (share: number) => [box.x + box.width * (0.1 + 0.8 * share), box.y + box.height / 2] as const;
  const sweep = async () => {
    for (let k = 0; k <= 120; k++) {
      await page.mouse.move(...at(k / 120));
      await page.waitForTimeout(8);
    }
  };
  const acts: [string, () => Promise<void>][] = [
    ['still', () => page.waitForTimeout(2000)],
    ['cursor over all charts', sweep],
    [
      'a part chosen by dragging',
      async () => {
        await page.mouse.move(...at(0.3));
        await page.mouse.down();
        for (let k = 0; k <= 60; k++) await page.mouse.move(...at(0.3 + k / 300));
        await page.mouse.up();
        await page.waitForTimeout(500);
      },
    ],
    ['cursor, zoomed', sweep],
    [
      'keys + − 0',
      async () => {
        await chart.focus();
        for (const key of '+++---+0++0') {
          await page.keyboard.press(key);
          await page.waitForTimeout(60);
        }
      },
    ],
  ];
  console.log('| what | frames | median, ms | p95, ms | longest, ms | over 20 ms |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const [name, act] of acts) {
    const frames = await framesWhile(page, act);
    const sorted = frames.toSorted((a, b) => a - b);
    const share = (part: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
    const late = frames.filter((one) => one > 20).length / frames.length;
    console.log(
      `| ${name} | ${frames.length} | ${share(0.5).toFixed(1)} | ${share(0.95).toFixed(1)} | ${share(1).toFixed(1)} | ${(100 * late).toFixed(1)} % |`,
    );
  }
  await page.screenshot({ path: process.env['CURVES_PICTURE'] ?? join(folder, 'curves.png') });
  console.log(
    `\n${count} runs of ${points} steps, three panels. ${browser.version()} headless, no GPU, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}.`,
  );
} finally {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true });
}
