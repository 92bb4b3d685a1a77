/**
 * The data worker: everything of data/ behind the DataApi, with data sets in OPFS and pictures decoded by a small pool
 * of workers that starts with the first import and ends with it.
 */
import { expose, type Remote, releaseProxy, transfer, wrap } from 'comlink';
import { StudioError } from '../core/errors.ts';
import type { DecodePicture } from '../data/image/decode.ts';
import { createDataService } from '../data/service.ts';
import { createBrowserStore } from '../data/store.browser.ts';
import { builtIns } from '../data/synthetic/index.ts';
import type { DataApi } from './api.ts';
import type { DecodeApi } from './decode.worker.ts';
import { createJobs } from './jobs.ts';
import './transfer.ts';

const poolSize = Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1));

/** A decoder that deals pictures out to workers in turn; `end` lets the workers go. */
function createPool(): { decode: DecodePicture; end(): void } {
  // A worker that dies never answers; whoever waits for one must hear of it.
  const waiting = new Set<(error: StudioError) => void>();
  let failure: StudioError | undefined;
  const workers = Array.from({ length: poolSize }, () => {
    const worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('error', (event) => {
      failure = new StudioError('internal', { message: event.message || 'A decoding worker stopped.' });
      for (const reject of waiting) reject(failure);
    });
    const remote: Remote<DecodeApi> = wrap<DecodeApi>(worker);
    return { worker, remote };
  });
  let next = 0;
  return {
    decode(bytes, file, options) {
      const { remote } = workers[next++ % workers.length];
      // A view of a larger buffer would take the whole buffer along.
      const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
      return new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        waiting.add(reject);
        remote
          .decode(transfer(own, [own.buffer]), file, options)
          .then(resolve, reject)
          .finally(() => waiting.delete(reject));
      });
    },
    end() {
      for (const { worker, remote } of workers) {
        remote[releaseProxy]();
        worker.terminate();
      }
    },
  };
}

const jobs = createJobs();
const service = createDataService({ store: createBrowserStore(), builtIns });

const api: DataApi = {
  catalog: async () => (await import('../training/catalog.ts')).catalog(),
  plan: (files, job, onProgress) => jobs.run(job, (signal) => service.plan(files, { signal, onProgress })),
  preview: (plan, reader, options) => service.preview(plan, reader, options),
  importPlan: (plan, reader, options, store, job, onProgress) =>
    jobs.run(job, async (signal) => {
      const pool = createPool();
      try {
        // Two pictures for each worker: one is decoded while the next is on its way.
        const parallel = poolSize * 2;
        return await service.importPlan(plan, reader, options, store, {
          decode: pool.decode,
          parallel,
          signal,
          onProgress,
        });
      } finally {
        pool.end();
      }
    }),
  forget: async (plan) => service.forget(plan),
  builtIns: async () => service.builtIns(),
  generate: (name, options, job, onProgress) =>
    jobs.run(job, (signal) => service.generate(name, options, { signal, onProgress })),
  cancel: async (job) => jobs.cancel(job),
  list: () => service.list(),
  rename: (dataset, name) => service.rename(dataset, name),
  remove: (dataset) => service.remove(dataset),
  groups: (dataset, recipe) => service.groups(dataset, recipe),
  async cleaningRules() {
    const { cleaningRules } = await import('../data/cleaning/index.ts');
    return cleaningRules.map(({ type, title, summary, measure, needs, fields }) => ({
      type,
      title,
      summary,
      measure,
      needs,
      fields,
    }));
  },
  cleaning: (dataset, job, onProgress) =>
    jobs.run(job, (signal) => service.cleaning(dataset, { signal, onProgress })),
  clean: (dataset, cleaning, job, onProgress) =>
    jobs.run(job, (signal) => service.clean(dataset, cleaning, { signal, onProgress })),
  surveyCleaning: (dataset, rules, job, onProgress) =>
    jobs.run(job, (signal) => service.survey(dataset, rules, { signal, onProgress })),
  samples: (dataset, range) => service.samples(dataset, range),
  async thumbnails(dataset, indices, size) {
    const thumbnails = await service.thumbnails(dataset, indices, size);
    return transfer(thumbnails, [thumbnails.pixels.buffer]);
  },
  async sound(dataset, index) {
    const sound = await service.sound(dataset, index);
    return sound && transfer(sound, [sound.samples.buffer]);
  },
};

expose(api);
