/**
 * `npm run panels -- [--seconds 30] [--turns 3]`: what looking costs. The built studio in a headless Chromium trains the built-in set while six panels that look at
 * the model are open, and while none is, in turns: steps a second and the times between animation frames. Standard output is Markdown. Never part of the tests.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import { build, preview } from 'vite';
import { chromiumArguments, chromiumPath } from '../scripts/browser.ts';

const six = ['similarity', 'attention', 'words', 'why', 'embedding', 'histogram'];

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, turns: { type: 'string', default: '3' } },
});
const seconds = Number(values.seconds);

const folder = await mkdtemp(join(tmpdir(), 'amalgam-panels-'));
await build({ logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
const server = await preview({
  logLevel: 'warn',
  build: { outDir: folder },
  preview: { host: '127.0.0.1', port: 0 },
});
const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });

const step = async (page: Page) => {
  const text = (await page.getByRole('banner').textContent()) ?? '';
  return Number(/step ([\d,]+) of/.exec(text)?.[1].replace(/,/g, '') ?? Number.NaN);
};

/** Steps a second, and milliseconds between frames, while the page stays as it is. */
async function measure(page: Page): Promise<{ rate: number; frames: number[] }> {
  const from = await step(page);
  const began = performance.now();
  const frames = await page.evaluate(
    (milliseconds) =>
      new Promise<number[]>((resolve) => {
        const found: number[] = [];
        const start = performance.now();
        let last = start;
        const frame = (now: number) => {
          found.push(now - last);
          last = now;
          if (now - start < milliseconds) requestAnimationFrame(frame);
          else resolve(found.slice(1));
        };
        requestAnimationFrame(frame);
      }),
    seconds * 1000,
  );
  return { rate: ((await step(page)) - from) / ((performance.now() - began) / 1000), frames };
}

try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 2400 } });
  // tsx gives functions their names by a helper that the page lacks.
  await page.addInitScript('globalThis.__name = (named) => named');
  const items = six.map((panel) => ({ id: panel, panel, columns: 6, rows: 10, settings: {} }));
  await page.addInitScript(
    (layout) => localStorage.setItem('amalgam.layout', layout),
    JSON.stringify({ state: { items }, version: 99 }),
  );
  await page.goto(`${server.resolvedUrls?.local[0]}`);
  await page.getByRole('button', { name: 'Train now' }).click();
  const panels = page.locator('[data-panel]');
  await panels.first().waitFor({ timeout: 120_000 });
  // Each has been seen once: what they compile is another matter.
  for (const panel of six)
    await page.locator(`[data-panel][data-id="${panel}"] canvas`).first().waitFor({ timeout: 300_000 });
  const before = loadavg()[0];
  console.log('| turn | panels | steps/s | frames | median, ms | p95, ms | over 20 ms |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  const rates: { open: number[]; closed: number[] } = { open: [], closed: [] };
  for (let turn = 1; turn <= Number(values.turns); turn++)
    for (const state of ['open', 'closed'] as const) {
      await page.evaluate(
        (hash) => {
          location.hash = hash;
        },
        state === 'open' ? '/train' : '/runs',
      );
      await page.waitForTimeout(3000);
      const { rate, frames } = await measure(page);
      rates[state].push(rate);
      const sorted = frames.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
      const late = frames.filter((one) => one > 20).length / frames.length;
      console.log(
        `| ${turn} | ${state} | ${rate.toFixed(2)} | ${frames.length} | ${at(0.5).toFixed(1)} | ${at(0.95).toFixed(1)} | ${(100 * late).toFixed(1)} % |`,
      );
    }
  const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  console.log(
    `\nOpen to closed: ${((100 * mean(rates.open)) / mean(rates.closed)).toFixed(1)} % of the steps. Panels: ${six.join(', ')}. ${browser.version()} headless, no GPU, ${availableParallelism()} cores, load ${before.toFixed(1)}–${loadavg()[0].toFixed(1)}.`,
  );
} finally {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true });
}
