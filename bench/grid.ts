/**
 * `npm run grid -- [--samples 10000]`: how smoothly the grid of the Data screen scrolls. The built studio in a headless Chromium, a drawn set of so many pictures, the
 * times between animation frames while the grid moves at a steady speed. Standard output is Markdown. Never part of the tests: it depends on the machine.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { chromiumArguments, chromiumPath } from '../scripts/browser.ts';

/** Pixels a second: reading, looking for something, flinging. */
const speeds = [1000, 4000, 20_000];
const seconds = 8;

const { values } = parseArgs({ options: { samples: { type: 'string', default: '10000' } } });
const samples = Number(values.samples);
const folder = await mkdtemp(join(tmpdir(), 'amalgam-grid-'));
await build({ logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
const server = await preview({
  logLevel: 'warn',
  build: { outDir: folder },
  preview: { host: '127.0.0.1', port: 0 },
});
const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // tsx gives functions their names by a helper that the page lacks.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.goto(`${server.resolvedUrls?.local[0]}#/data`);
  await page.getByRole('button', { name: 'Options of “Shapes”' }).click();
  await page
    .getByLabel(/^Samples|^Pictures/)
    .first()
    .fill(String(samples));
  const began = performance.now();
  await page.getByRole('button', { name: 'Make “Shapes”' }).click();
  await page.locator('[data-place]').first().waitFor({ timeout: 900_000 });
  process.stderr.write(`${samples} samples drawn in ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
  await page.waitForTimeout(3000);
  const before = loadavg()[0];
  // The processor's time on the page's thread alone, whatever else the machine does.
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')
      ?.value ?? 0;
  console.log(
    '| px/s | frames | median, ms | p95, ms | over 20 ms | longest, ms | processor, ms a frame | places without a picture |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const speed of [0, ...speeds]) {
    const start = await spent();
    const { intervals, empty } = await page.evaluate(
      ({ speed, seconds }) =>
        new Promise<{ intervals: number[]; empty: number }>((resolve) => {
          const list = document.querySelector('[data-place]')?.closest('ul')?.parentElement;
          if (!list) throw new Error('there is no grid');
          list.scrollTo(0, 0);
          const intervals: number[] = [];
          let seen = 0;
          let waiting = 0;
          let last: number | undefined;
          let first = 0;
          let at = 0;
          const frame = (now: number) => {
            if (last === undefined) first = now;
            else {
              intervals.push(now - last);
              const end = list.scrollHeight - list.clientHeight;
              // Up and down again where the set ends.
              const way = (speed * (now - first)) / 1000;
              at = Math.abs(((way + end) % (2 * end)) - end);
              list.scrollTop = at;
            }
            last = now;
            if (intervals.length % 10 === 0) {
              const box = list.getBoundingClientRect();
              for (const canvas of list.querySelectorAll<HTMLElement>('[data-place] canvas')) {
                const { top, bottom } = canvas.getBoundingClientRect();
                if (bottom < box.top || top > box.bottom) continue;
                seen++;
                if (canvas.dataset['drawn'] !== 'true') waiting++;
              }
            }
            if (now - first < seconds * 1000) requestAnimationFrame(frame);
            else resolve({ intervals, empty: waiting / Math.max(1, seen) });
          };
          requestAnimationFrame(frame);
        }),
      { speed, seconds },
    );
    const each = (1000 * ((await spent()) - start)) / intervals.length;
    const sorted = intervals.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    const late = intervals.filter((interval) => interval > 20).length / intervals.length;
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    console.log(
      `| ${speed === 0 ? 'at rest' : speed} | ${intervals.length} | ${at(0.5).toFixed(1)} | ${at(0.95).toFixed(1)} | ${percent(late)} | ${(sorted.at(-1) ?? 0).toFixed(0)} | ${each.toFixed(1)} | ${percent(empty)} |`,
    );
  }
  console.log(
    `\n${samples} samples, ${browser.version()} headless, no GPU, ${availableParallelism()} cores, load ${before.toFixed(1)}–${loadavg()[0].toFixed(1)}.`,
  );
} finally {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true });
}
