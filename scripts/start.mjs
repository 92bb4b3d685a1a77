/** `npm start`: installs if need be, builds if the sources are newer than the build, serves it on this machine only. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, setup } from './setup.mjs';

const firstPort = 5173;
const sources = ['src', 'public', 'recipes', 'index.html', 'vite.config.ts', 'package-lock.json'];

/** Time of the newest file under a path; tests do not reach the page. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : status.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

try {
  setup();
  const { build, preview } = await import('vite');
  const built = join(root, 'dist/index.html');
  const stale =
    !existsSync(built) || sources.some((path) => newest(join(root, path)) > statSync(built).mtimeMs);
  if (stale) {
    console.log('start: building the studio');
    await build({ root, logLevel: 'warn' });
  }
  // A port that is taken is not an error: the next free one is used.
  const server = await preview({ root, logLevel: 'warn', preview: { host: '127.0.0.1', port: firstPort } });
  const address = server.resolvedUrls?.local[0] ?? `http://127.0.0.1:${firstPort}/`;
  console.log(`\n  Amalgam is ready:  ${address}\n\n  Open it in Chrome or Edge. Ctrl+C ends it.\n`);
} catch (error) {
  console.error(`start: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
