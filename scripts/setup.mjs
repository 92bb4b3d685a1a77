/** Installs the packages where they are missing or not those of package-lock.json; does nothing otherwise. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Versions instead of file times: a fresh checkout dates the lock file later than packages that fit it.
 * Optional packages (those of other systems) may be absent.
 */
function isInstalled() {
  // npm writes this file at the end of every install.
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const there = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || there[path]?.version === version || (optional && !there[path]),
  );
}

function npm(...args) {
  console.log(`setup: npm ${args.join(' ')}`);
  const { status } = spawnSync('npm', [...args, '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/** @throws when Node is too old or npm fails */
export function setup() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(`Node ${process.versions.node} is too old; 20.19 or newer is needed`);
  if (isInstalled()) return;
  if (npm('ci')) return;
  // `npm ci` wants the optional packages of every system in the lock file. Where a registry does not carry all of
  // them the file cannot name them; a plain install keeps to its versions all the same, and leaves it as it is.
  console.log('setup: npm ci did not work, trying a plain install');
  if (!npm('install', '--no-save')) throw new Error('the packages could not be installed');
}
