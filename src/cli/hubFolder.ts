/** A folder of Hugging Face's as the headless program takes it: where a model or the run of another --out is asked for. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { memoryFiles } from '../data/store.memory.ts';
import { importHub } from '../training/exchange.ts';
import { type HubFiles, hubFile, isHubModel } from '../training/hubModel.ts';
import { RunStore } from '../training/runStore.ts';
import type { RunPoint } from './runFolder.ts';

/** Undefined where the folder is none of these. */
export async function hubFilesIn(folder: string): Promise<HubFiles | undefined> {
  const names = await readdir(folder).catch(() => []);
  if (!isHubModel(new Set(names))) return undefined;
  const wanted = names.filter((name) => hubFile.test(name));
  return new Map(
    await Promise.all(
      wanted.map(
        async (name): Promise<[string, Uint8Array]> => [
          name,
          new Uint8Array(await readFile(join(folder, name))),
        ],
      ),
    ),
  );
}

/** Its model as a run that others may start from. @throws StudioError of the files */
export async function hubPoint(folder: string): Promise<RunPoint | undefined> {
  const files = await hubFilesIn(folder);
  if (!files) return undefined;
  const runs = new RunStore(memoryFiles());
  const run = await importHub(basename(resolve(folder)), files, 'webgpu', {
    runs,
    datasets: { list: async () => [] },
  });
  return { folder, runs, run, step: run.step };
}
