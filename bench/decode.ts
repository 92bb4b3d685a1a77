/**
 * `npm run bench -- decode`: pictures a second of the import's pool of workers in Chromium beside sharp under Node, on the same pictures and to the same size:
 * by sharp alone with the filter most like ours, with its own shortcut (a JPEG is decoded at a fraction of its size), and decoded by sharp and resized by us, as
 * the headless program does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import sharp from 'sharp';
import { createServer } from 'vite';
import { chromiumArguments, chromiumPath } from '../scripts/browser.ts';
import { sharedFolder } from '../scripts/serveShared.ts';
import { decodeInNode } from '../src/data/image/decode.node.ts';
import { pictureDefaults } from '../src/data/pictureDefaults.ts';
import { openPath } from '../src/data/sources/folder.node.ts';
import { writeText } from './document.ts';

const { size } = pictureDefaults;
const root = fileURLToPath(new URL('..', import.meta.url));

/** Photos of 640 × 480 and small ones. @throws Error where the shared data is not here */
async function pictures(): Promise<Record<string, Uint8Array[]>> {
  const photos = `${sharedFolder}/coco-free/val2017`;
  const { files } = await openPath(`${sharedFolder}/grocery-photos/grocery-train.zip`);
  const small = files.filter(({ path }) => path.endsWith('.jpg')).slice(0, 300);
  return {
    'coco-free': readdirSync(photos).map((name) => new Uint8Array(readFileSync(`${photos}/${name}`))),
    'grocery-photos': await Promise.all(small.map(({ read }) => read())),
  };
}

/** Pictures a second, as many at once as there are cores, after one round that nothing counts. */
async function rate(
  files: readonly Uint8Array[],
  seconds: number,
  decode: (bytes: Uint8Array) => Promise<unknown>,
) {
  const run = async (end: (begun: number) => boolean) => {
    let [next, done] = [0, 0];
    const work = async () => {
      while (!end(next)) {
        await decode(files[next++ % files.length]);
        done++;
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() * 2 }, work));
    return done;
  };
  await run((begun) => begun >= files.length);
  const start = performance.now();
  const done = await run(() => performance.now() - start > seconds * 1000);
  return done / ((performance.now() - start) / 1000);
}

const bySharp = (fastShrinkOnLoad: boolean) => (bytes: Uint8Array) =>
  sharp(bytes)
    .autoOrient()
    .resize(size, size, { fit: 'cover', kernel: 'linear', fastShrinkOnLoad })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();

/** A page of the project's own modules, served with the pictures. */
async function openPage(sets: Record<string, Uint8Array[]>) {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, hmr: false },
    plugins: [
      {
        name: 'pictures',
        configureServer({ middlewares }) {
          middlewares.use('/bench-pictures', (request, response) => {
            const [, set, index] = (request.url ?? '').split('/');
            response.setHeader('Content-Type', 'application/octet-stream');
            response.end(Buffer.from(sets[set]?.[Number(index)] ?? []));
          });
          middlewares.use('/bench-page', (_, response) => {
            response.setHeader('Content-Type', 'text/html');
            response.end(
              '<!doctype html><title>bench</title><script type="module" src="/bench/decode.browser.ts"></script>',
            );
          });
        },
      },
    ],
  });
  await server.listen();
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });
  const page = await browser.newPage();
  await page.goto(`${server.resolvedUrls?.local[0]}bench-page`);
  await page.waitForFunction(() => 'decodeAll' in window);
  return {
    page,
    version: browser.version(),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** @returns Markdown */
export async function decodeBench(
  seconds: number,
  write: boolean,
  say: (text: string) => void,
): Promise<string> {
  const sets = await pictures();
  const cores = availableParallelism();
  // As the studio takes them (workers/data.worker.ts).
  const workers = Math.max(1, Math.min(8, cores));
  const before = loadavg()[0];
  const rows: string[] = [];
  const { page, version, close } = await openPage(sets);
  try {
    for (const [name, files] of Object.entries(sets)) {
      const addresses = files.map((_, i) => `/bench-pictures/${name}/${i}`);
      say(`${name}: Chromium, ${workers} workers`);
      const ours = await page.evaluate(([list, count, time]) => window.decodeAll(list, count, time), [
        addresses,
        workers,
        seconds,
      ] as const satisfies [string[], number, number]);
      say(`${name}: sharp`);
      const same = await rate(files, seconds, bySharp(false));
      const fast = await rate(files, seconds, bySharp(true));
      say(`${name}: sharp, resized by us`);
      const node = await rate(files, seconds, (bytes) => decodeInNode(bytes, name, pictureDefaults));
      const cells = [ours, same, fast, node].map((value) => value.toFixed(0));
      rows.push(`| ${[name, files.length, ...cells, `${Math.round((100 * ours) / same)} %`].join(' | ')} |`);
    }
  } finally {
    await close();
  }
  const text = `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? 'unknown processor'}, ${cores} cores${
    before > 1 ? ' shared with others' : ''
  }, load ${before.toFixed(1)} at the beginning and ${loadavg()[0].toFixed(1)} at the end; Chromium ${version}, sharp ${sharp.versions.sharp ?? ''}, Node ${process.versions.node}. Pictures a second, to ${size} × ${size} by cutting the sides:

| pictures | files | ours, ${workers} ${workers === 1 ? 'worker' : 'workers'} | sharp | sharp, JPEG at a fraction | headless | ours of sharp |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`;
  if (write) writeText('decode', text);
  return text;
}
