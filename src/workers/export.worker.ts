/** Writes a model in other forms (src/exports), away from the page and from the engine. */
import { expose, transfer } from 'comlink';
import './transfer.ts';
import { StudioError } from '../core/errors.ts';
import { packed, targetsOf, writeExport } from '../exports/write.ts';
import { type ModelBundle, readBundle } from '../interchange/bundle.ts';
import type { ExportApi } from './api.ts';
import { createJobs } from './jobs.ts';

const jobs = createJobs();
let bundle: ModelBundle | undefined;

const api: ExportApi = {
  async open(name, bytes) {
    bundle = undefined;
    const read = readBundle(name, bytes);
    const targets = await targetsOf(read);
    bundle = read;
    return targets;
  },
  write: (type, fields, name, job, progress) =>
    jobs.run(job, async (signal) => {
      if (!bundle) throw new StudioError('session-state', { state: 'idle', command: 'export' });
      try {
        const { files, ...written } = await writeExport(bundle, type, fields, { progress, signal });
        const file = packed(files, name);
        const inside = files.map(({ path, bytes }) => ({ path, bytes: bytes.length }));
        return transfer({ ...written, ...file, files: inside }, [file.bytes.buffer]);
      } catch (error) {
        if (signal.aborted) throw new StudioError('cancelled', { what: 'The export' }, { cause: error });
        throw error;
      }
    }),
  cancel: (job) => jobs.cancel(job),
};

expose(api);
