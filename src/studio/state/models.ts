/** Models that come in as files and go out as files. */
import { notifications } from '@mantine/notifications';
import { transfer } from 'comlink';
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

export async function importModelFile(file: File): Promise<void> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const run = await api().engine.importModel(file.name, transfer(bytes, [bytes.buffer]));
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
