/**
 * Lets tests in the browser fetch the shared reference data, which lies beside the repository: `/shared-data/PATH` is
 * `../shared/data/PATH`. Only in tests.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const beside = fileURLToPath(new URL('../../shared/data', import.meta.url));
const inside = fileURLToPath(new URL('../shared/data', import.meta.url));
export const sharedFolder = existsSync(inside) ? inside : beside;

export function serveShared(): Plugin {
  return {
    name: 'serve-shared-data',
    configureServer(server) {
      server.middlewares.use('/shared-data', (request, response) => {
        const path = normalize(decodeURIComponent((request.url ?? '/').split('?')[0]));
        const file = join(sharedFolder, path);
        if (path.split(sep).includes('..') || !existsSync(file) || !statSync(file).isFile()) {
          response.statusCode = 404;
          response.end(`not in the shared data: ${path}`);
          return;
        }
        response.setHeader('Content-Type', 'application/octet-stream');
        response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
        createReadStream(file).pipe(response);
      });
    },
  };
}
