import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeInNode } from '../image/decode.node.ts';
import { importDataset, planImport } from '../import.ts';
import { encodePng } from '../testing/png.ts';
import { openDropped } from './open.ts';
import { spacing } from './remote.ts';

let server: Server;
let address = '';
const asked: { path: string; cookie?: string; referrer?: string }[] = [];

beforeAll(async () => {
  const png = await encodePng(8, 8, () => [0, 128, 255]);
  server = createServer((request, response) => {
    const { cookie, referer } = request.headers;
    asked.push({ path: request.url ?? '', cookie, referrer: referer });
    if (request.url?.includes('gone')) response.writeHead(404).end();
    else response.writeHead(200, { 'Content-Type': 'image/png' }).end(png);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  address = `http://127.0.0.1:${port}`;
});
afterAll(() => server.close());

const table = () =>
  [
    'url,caption',
    ...['a', 'gone', 'b', 'c', 'd'].map((name) => `${address}/${name}.png,picture ${name}`),
  ].join('\n');

const import_ = async (options: Record<string, boolean | number>) => {
  const tree = await openDropped([{ path: 'links.csv', file: new Blob([table()]) }]);
  const [guess] = await planImport(tree);
  return importDataset(
    tree,
    guess.reader,
    { ...guess.options, ...options },
    { size: 8, fit: 'crop', background: '#ffffff', name: 'links' },
    { decode: decodeInNode },
  );
};

it('asks no server before the person allows it', async () => {
  await expect(import_({})).rejects.toMatchObject({ code: 'data-empty' });
  expect(asked).toEqual([]);
});

it('fetches as many as are allowed, and goes on where one fails', async () => {
  const { dataset, skipped } = await import_({ fetch: true, most: 4, perSecond: 20 });
  expect(dataset.captions.flat()).toEqual(['picture a', 'picture b', 'picture c']);
  expect(skipped.map(({ code, file }) => [code, file.replace(address, '')])).toEqual([
    ['file-missing', '/d.png'],
    ['fetch-failed', '/gone.png'],
  ]);
  expect(asked.map(({ path }) => path).sort()).toEqual(['/a.png', '/b.png', '/c.png', '/gone.png']);
  expect(asked.every(({ cookie, referrer }) => cookie === undefined && referrer === undefined)).toBe(true);
});

it('spaces requests that are asked for at once, and lets later ones go at once', () => {
  const wait = spacing(4);
  expect([wait(1000), wait(1000), wait(1100), wait(3000), wait(3010)]).toEqual([0, 250, 400, 0, 240]);
});
