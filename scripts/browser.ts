/** The Chromium that tests run in, and what it is told; scripts/chromium.mjs installs one where none is found. */
import { existsSync } from 'node:fs';

/** WebGPU on a software adapter too, as root in a container, and without traffic of its own. */
export const chromiumArguments = [
  '--enable-unsafe-webgpu',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Undefined means Playwright's own. */
export function chromiumPath(): string | undefined {
  return process.env.CHROMIUM_PATH || usual.find((path) => existsSync(path));
}
