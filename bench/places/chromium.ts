/**
 * Engines in a headless Chromium, each in a module worker as in the studio: bundled by Vite into memory, served on this machine with the
 * headers that precise clocks need.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';
import { chromiumArguments, chromiumPath } from '../../scripts/browser.ts';

import type { Command } from '../host.ts';
import { clipTinyFile } from './reference.ts';
import { type Answer, type Remote, remote } from './remote.ts';

export interface ChromiumPlace {
  /** Of browser and adapter. */
  version: string;
  adapter: string;
  start(counting: boolean): Promise<Remote>;
  close(): Promise<void>;
}

async function bundle(): Promise<Map<string, string | Uint8Array>> {
  const made = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'chrome121',
      minify: false,
      // Its helper wants a document, which a worker has not.
      modulePreload: false,
      rollupOptions: {
        input: fileURLToPath(new URL('./chromiumWorker.ts', import.meta.url)),
        output: { entryFileNames: 'worker.js', format: 'es' },
        preserveEntrySignatures: 'strict',
      },
    },
  });
  const files = new Map<string, string | Uint8Array>();
  for (const { output } of [made].flat() as { output: OutputFile[] }[])
    for (const file of output)
      files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source);
  return files;
}

type OutputFile = { fileName: string } & (
  | { type: 'chunk'; code: string }
  | { type: 'asset'; source: string | Uint8Array }
);

async function serve(files: ReadonlyMap<string, string | Uint8Array>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0];
    const file = files.get(path);
    const type = path.endsWith('.js')
      ? 'text/javascript'
      : path === '/'
        ? 'text/html'
        : 'application/octet-stream';
    response.writeHead(file === undefined ? 404 : 200, {
      'Content-Type': type,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    });
    response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** @throws Error when there is no Chromium and none can be had, or it has no adapter */
export async function openChromium(): Promise<ChromiumPlace> {
  const files = await bundle();
  files.set('/', '<!doctype html><title>bench</title>');
  const reference = clipTinyFile();
  if (reference) files.set('/clip-tiny.safetensors', reference);
  const server = await serve(files);
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: chromiumArguments,
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const adapter = await page.evaluate(async () => {
    const found = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    const { vendor, architecture, description } = found?.info ?? {};
    return found ? description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed' : undefined;
  });
  if (!adapter) throw new Error('Chromium has no WebGPU adapter here');
  return {
    version: `Chromium ${browser.version()}`,
    adapter,
    async start(counting) {
      const worker = await page.evaluateHandle(
        (address) =>
          new Promise<Worker>((resolve, reject) => {
            const made = new Worker(address, { type: 'module' });
            made.onmessage = () => resolve(made);
            made.onerror = (event) => reject(new Error(event.message));
          }),
        `/worker.js${counting ? '?counting' : ''}`,
      );
      return remote(
        (command: Command) =>
          worker.evaluate(
            (one, sent) =>
              new Promise<Answer>((resolve) => {
                one.onmessage = ({ data }) => resolve(data);
                one.onerror = (event) => resolve({ error: event.message });
                one.postMessage(sent);
              }),
            command,
          ),
        () => worker.evaluate((one) => one.terminate()),
      );
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
