/** An export: which run at which step, the forms that fit it, the one that is being written and what came of it. Outside the screen, so that it goes on while the person looks elsewhere. */
import { transfer, wrap } from 'comlink';
import { createStore } from 'zustand/vanilla';
import { asStudioError } from '../../core/errors.ts';
import type { ExportTarget, Written } from '../../core/exporting.ts';
import { defaults, type FieldValue, type FieldValues } from '../../core/fields.ts';
import type { ExportApi, Progress } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { saveFile } from './models.ts';
import { proxyProgress } from './proxyProgress.ts';

interface Exported extends Written {
  type: string;
  name: string;
  blob: Blob;
  files: { path: string; bytes: number }[];
}

interface Exporting {
  /** The model that has been read: run and step, and its file's name without ending. */
  model?: { run: string; step?: number; name: string };
  reading: boolean;
  targets: ExportTarget[];
  type: string;
  /** Changed from their defaults, by form. */
  fields: Record<string, FieldValues>;
  job?: string;
  progress?: Progress;
  written?: Exported;
}

export const exporting = createStore<Exporting>(() => ({
  reading: false,
  targets: [],
  type: 'model',
  fields: {},
}));
const { getState, setState } = exporting;

let started: ExportApi | undefined;
function worker(): ExportApi {
  started ??= wrap<ExportApi>(
    new Worker(new URL('../../workers/export.worker.ts', import.meta.url), { type: 'module' }),
  );
  return started;
}

let reads = 0;

/** Reads the model; what was written of another is let go. @param step the newest weights where none is given */
export async function readModel(run: string, step?: number): Promise<boolean> {
  const read = ++reads;
  cancelExport();
  setState({ reading: true, model: undefined, written: undefined });
  try {
    const { name, bytes } = await api().engine.exportModel(run, step);
    const targets = await worker().open(name, transfer(bytes, [bytes.buffer]));
    if (read === reads) setState({ targets, model: { run, step, name: name.replace(/\.zip$/, '') } });
    return read === reads;
  } catch (error) {
    if (read === reads) setState({ targets: [] });
    reportError(error);
    return false;
  } finally {
    if (read === reads) setState({ reading: false });
  }
}

export const chooseForm = (type: string): void => setState({ type });

export function changeField(type: string, key: string, value: FieldValue): void {
  setState(({ fields }) => ({ fields: { ...fields, [type]: { ...fields[type], [key]: value } } }));
}

/** Values of a form: as changed, else its defaults. */
export const valuesOf = (
  { type, fields }: ExportTarget,
  changed: Record<string, FieldValues>,
): FieldValues => ({
  ...defaults(fields),
  ...changed[type],
});

/** Writes and tries the chosen form, and saves it where everything passed. */
export async function startExport(): Promise<void> {
  const { targets, type, fields, model } = getState();
  const target = targets.find((one) => one.type === type);
  if (!target || !model) return;
  const job = crypto.randomUUID();
  setState({ job, progress: undefined, written: undefined });
  const mine = () => getState().job === job;
  try {
    const { bytes, ...rest } = await worker().write(
      type,
      valuesOf(target, fields),
      type === 'model' || type === 'html' ? model.name : `${model.name}-${type}`,
      job,
      proxyProgress((progress) => mine() && setState({ progress })),
    );
    if (!mine()) return;
    const blob = new Blob([new Uint8Array(bytes)]);
    setState({ written: { ...rest, type, blob } });
    if (rest.checked.every(({ passed }) => passed)) saveFile(rest.name, blob);
  } catch (error) {
    if (asStudioError(error).code !== 'cancelled') reportError(error);
  } finally {
    if (mine()) setState({ job: undefined, progress: undefined });
  }
}

export function cancelExport(): void {
  const { job } = getState();
  if (!job) return;
  worker().cancel(job);
  setState({ job: undefined, progress: undefined });
}
