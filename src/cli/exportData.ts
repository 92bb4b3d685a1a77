/** `npm run data -- --export`: writes a data set into a new folder, for other programs. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError } from '../core/errors.ts';
import { forms } from '../data/card.ts';
import type { Dataset } from '../data/dataset.ts';
import { countSplits, shownSplits } from '../data/splits.ts';
import { writeDataset } from '../data/writers/index.ts';
import { encodePngInNode } from '../data/writers/png.node.ts';
import { type Arguments, oneOf } from './arguments.ts';
import { onSignal } from './signals.ts';
import { progress, result } from './terminal.ts';

/** @returns the exit code @throws StudioError `bad-argument` */
export async function exportData(dataset: Dataset, given: Arguments): Promise<number> {
  const form = oneOf(given.one('as') ?? forms[0], '--as', forms);
  const out = given.one('out');
  if (!out) throw new StudioError('bad-argument', { argument: '--out', message: 'it says where to write' });
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0)
    throw new StudioError('bad-argument', { argument: '--out', message: `${out} holds something already` });
  const splits = shownSplits(dataset);
  const stop = new AbortController();
  const signals = onSignal(() => stop.abort(), 'stopping; what is written so far stays');
  let files = 0;
  let bytes = 0;
  try {
    const written = writeDataset(dataset, splits, form, {
      encodePng: encodePngInNode,
      signal: stop.signal,
      onProgress: ({ phase, done, total }) => progress(`${phase} ${done} / ${total}`),
    });
    for await (const file of written) {
      const path = join(out, file.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.bytes);
      files++;
      bytes += file.bytes.length;
    }
  } catch (error) {
    const signal = signals.end();
    if (signal) return signal === 'SIGINT' ? 130 : 143;
    throw error;
  }
  signals.end();
  result({ as: form, out, files, bytes, splits: countSplits(splits) });
  return 0;
}
