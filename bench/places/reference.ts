/** The committed PyTorch run of clip-tiny, where the shared data lies beside the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder } from '../../scripts/serveShared.ts';
import { readReference } from '../../src/engine/testing/safetensors.ts';
import type { Reference } from '../workloads.ts';

const folder = join(sharedFolder, 'references', 'clip-tiny');

export const clipTinyFile = (): Buffer | undefined => {
  const path = join(folder, 'clip-tiny.safetensors');
  return existsSync(path) ? readFileSync(path) : undefined;
};

export const readClipTiny = (): Reference | undefined => {
  const file = clipTinyFile();
  return file && readReference(file);
};

/** PyTorch's losses of clip-tiny, float64. */
export const clipTinyLosses = (): number[] =>
  existsSync(join(folder, 'clip-tiny.json'))
    ? (JSON.parse(readFileSync(join(folder, 'clip-tiny.json'), 'utf8')) as { losses: number[] }).losses
    : [];
