/**
 * Finds a Chromium for the tests, or gets one: the one that CHROMIUM_PATH names, Playwright's own, the system's, then
 * Playwright's download, then Debian's package. Says what it does. `node scripts/chromium.mjs` prints the path.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of an installed Chromium, without installing anything. */
export async function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return named;
    console.log(`chromium: CHROMIUM_PATH names ${named}, which is not there`);
  }
  const own = await ownOfPlaywright();
  if (own) return own;
  for (const name of systemNames) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.trim();
  }
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return existsSync(mac) ? mac : undefined;
}

async function ownOfPlaywright() {
  try {
    const { chromium } = await import('playwright');
    const path = chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The path of a Chromium, installed now if need be; undefined where none can be had. */
export async function ensureChromium() {
  const found = await findChromium();
  if (found) {
    console.log(`chromium: ${found}`);
    return found;
  }
  console.log('chromium: none here, asking Playwright for its own (at most two minutes)');
  attempt('npx', ['playwright', 'install', 'chromium'], 120_000);
  const own = await ownOfPlaywright();
  if (own) return own;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('chromium: installing the package “chromium” with apt-get');
    attempt('apt-get', ['update', '-qq'], 300_000);
    attempt('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], 900_000);
  }
  const installed = await findChromium();
  console.log(
    installed
      ? `chromium: ${installed}`
      : 'chromium: none could be installed; install Chrome or Chromium, or name it in CHROMIUM_PATH',
  );
  return installed;
}

function attempt(command, args, timeout) {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout,
    env: environment,
  });
  if (status !== 0)
    console.log(`chromium: ${command} ${args[0]} did not work (${error?.message ?? `exit ${status}`})`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = await ensureChromium();
  if (!path) process.exit(1);
}
