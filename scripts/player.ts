/**
 * The page inside an exported HTML file (src/player) as one script, and its style: built on its own, so that it stands alone on a disk. In the studio it is a module
 * by name; the command line builds it when it is asked for.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { Player } from '../src/exports/html/player.ts';
import { withoutTexts } from './withoutTexts.ts';

const folder = fileURLToPath(new URL('../src/player/', import.meta.url));

export async function buildPlayer(): Promise<Player> {
  const { build } = await import('vite');
  const built = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [withoutTexts('main.ts')],
    build: {
      write: false,
      target: 'chrome121',
      lib: { entry: `${folder}main.ts`, formats: ['iife'], name: 'player' },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (!('output' in result)) throw new Error('the player was not built');
  const [{ code }] = result.output;
  return { script: code, style: readFileSync(`${folder}page.css`, 'utf8') };
}

/** `virtual:player`: what `buildPlayer` gives, as a module. */
export function player(): Plugin {
  const name = 'virtual:player';
  const resolved = `\0${name}`;
  return {
    name: 'player',
    resolveId: (id) => (id === name ? resolved : undefined),
    async load(id) {
      if (id !== resolved) return undefined;
      const { script, style } = await buildPlayer();
      return `export const script = ${JSON.stringify(script)};\nexport const style = ${JSON.stringify(style)};`;
    },
  };
}
