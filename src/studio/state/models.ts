/** Models that come in as files and go out as files. */
import { notifications } from '@mantine/notifications';
import { transfer } from 'comlink';
import type { RunSummary } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { goTo } from '../app/navigate.ts';
import { reportError } from '../app/report.tsx';
import { currentT } from '../i18n/index.ts';
import { refreshRuns } from './runs.ts';

/** Whether a file is a zip of a model or of a whole run: names stand at a zip's end. */
export async function looksLikeModel(file: File): Promise<boolean> {
  if (!/\.zip$/i.test(file.name)) return false;
  const tail = await file.slice(Math.max(0, file.size - 65_536)).text();
  return tail.includes('recipe.json') && (tail.includes('model.safetensors') || tail.includes('run.json'));
}

export const importModelFile = (file: File): Promise<void> =>
  bring(async () => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return api().engine.importModel(file.name, transfer(bytes, [bytes.buffer]));
  });

interface Chosen {
  path: string;
  file: File;
}
const lastName = (path: string) => path.split('/').at(-1) ?? '';
const hubFile = /^(config|tokenizer|vocab|preprocessor_config)\.json$|^merges\.txt$|\.safetensors$/;

/** Whether files are a checkpoint of Hugging Face: its config.json and weights, and not a model of ours. */
export function looksLikeHub(files: readonly Chosen[]): boolean {
  const names = files.map(({ path }) => lastName(path));
  return (
    names.includes('config.json') &&
    names.some((name) => name.endsWith('.safetensors')) &&
    !names.includes('recipe.json')
  );
}

export const importHubFiles = (files: readonly Chosen[]): Promise<void> =>
  bring(async () => {
    const wanted = files.filter(({ path }) => hubFile.test(lastName(path)));
    const read = await Promise.all(
      wanted.map(
        async ({ path, file }): Promise<[string, Uint8Array<ArrayBuffer>]> => [
          lastName(path),
          new Uint8Array(await file.arrayBuffer()),
        ],
      ),
    );
    const config = files.find(({ path }) => lastName(path) === 'config.json');
    const name = config?.path.split('/').at(-2) ?? 'model';
    return api().engine.importHub(
      name,
      transfer(
        read,
        read.map(([, bytes]) => bytes.buffer),
      ),
    );
  });

async function bring(read: () => Promise<RunSummary>): Promise<void> {
  try {
    const run = await read();
    await refreshRuns();
    notifications.show({ message: currentT()('export.imported', { name: run.name }) });
    goTo('runs');
  } catch (error) {
    reportError(error);
  }
}

/** Saves a run's newest weights through the browser's download. */
export const downloadModel = (run: string | undefined): Promise<void> =>
  download(() => api().engine.exportModel(run));

/** Saves a whole run: curves, checkpoints, samples, card. */
export const downloadRun = (run: string): Promise<void> => download(() => api().engine.exportRun(run));

async function download(made: () => Promise<{ name: string; bytes: Uint8Array }>): Promise<void> {
  try {
    const { name, bytes } = await made();
    saveFile(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/zip' }));
    const t = currentT();
    notifications.show({ message: t('export.done', { name, bytes: t.bytes(bytes.length) }) });
  } catch (error) {
    reportError(error);
  }
}

export function saveFile(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
