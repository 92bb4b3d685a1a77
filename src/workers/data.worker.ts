/**
 * The data worker: everything of data/ behind the DataApi, with data sets in OPFS and pictures, sounds and films decoded by
 * a small pool of workers that starts with the first import and ends with it.
 */
import { expose, transfer } from 'comlink';
import { keepFeatures } from '../data/keptFeatures.ts';
import { readFactsBy } from '../data/media/facts.ts';
import { opfsFiles } from '../data/opfs.ts';
import { createDataService } from '../data/service.ts';
import { createBrowserStore } from '../data/store.browser.ts';
import { builtIns } from '../data/synthetic/index.ts';
import { keepTokenizers } from '../data/text/kept.ts';
import type { DataApi } from './api.ts';
import { createPool } from './decodePool.ts';
import { createJobs } from './jobs.ts';
import { barsIn, sheetOf } from './sheet.ts';
import './transfer.ts';

// Decoding takes all cores; the page stays quick, since the system shares them fairly. More than eight wait for the reading.
const poolSize = Math.max(1, Math.min(8, navigator.hardwareConcurrency));

readFactsBy(async (data, file) => {
  const pool = createPool(1);
  try {
    return await pool.facts(data, file);
  } finally {
    pool.end();
  }
});

const kept = keepFeatures(opfsFiles('features'));
const jobs = createJobs();
const service = createDataService({
  store: createBrowserStore(),
  builtIns,
  tokenizers: keepTokenizers(opfsFiles('tokenizers')),
});

const api: DataApi = {
  catalog: async () => (await import('../training/catalog.ts')).catalog(),
  plan: (files, together, job, onProgress) =>
    jobs.run(job, (signal) => service.plan(files, { together, signal, onProgress })),
  preview: (plan, reader, options) => service.preview(plan, reader, options),
  previewAll: (choices) => service.previewAll(choices),
  importPlans: (choices, store, job, onProgress) =>
    jobs.run(job, async (signal) => {
      const pool = createPool(poolSize);
      try {
        // Two pictures for each worker: one is decoded while the next is on its way.
        const parallel = poolSize * 2;
        return await service.importPlans(choices, store, {
          ...pool,
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
  async storage() {
    const { usage, quota } = await navigator.storage.estimate();
    const [sets, features, tokenizers] = await Promise.all([
      service.sizes(),
      kept.size(),
      service.tokenizerSizes(),
    ]);
    return { used: usage ?? 0, quota: quota ?? 0, sets, features, tokenizers };
  },
  freeFeatures: () => kept.free(),
  free: (dataset) => service.free(dataset),
  rename: (dataset, name) => service.rename(dataset, name),
  remove: (dataset) => service.remove(dataset),
  groups: (dataset, recipe) => service.groups(dataset, recipe),
  divide: (dataset, split) => service.divide(dataset, split),
  async views(dataset, recipe, place, seed) {
    const views = await service.views(dataset, recipe, place, seed);
    const seen = [views.original, ...views.views];
    return transfer(
      views,
      seen.flatMap(({ pixels, sound }) => [pixels, sound].flatMap((list) => (list ? [list.buffer] : []))),
    );
  },
  statistics: (dataset, data, job, onProgress) =>
    jobs.run(job, (signal) => service.statistics(dataset, data, { signal, onProgress })),
  write: (dataset, form, file, job, onProgress) =>
    jobs.run(job, async (signal) => {
      const { encodePngInBrowser: encodePng } = await import('../data/writers/png.browser.ts');
      const tools = { encodePng, signal, onProgress };
      if (!file) {
        const parts: Uint8Array<ArrayBuffer>[] = [];
        await service.write(dataset, form, tools, async (bytes) => {
          parts.push(bytes.slice());
        });
        return new Blob(parts, { type: 'application/zip' });
      }
      const stream = await file.createWritable();
      try {
        await service.write(dataset, form, tools, async (bytes) => stream.write(bytes.slice()));
        await stream.close();
      } catch (error) {
        // What was in the file before stays.
        await stream.abort();
        throw error;
      }
      return undefined;
    }),
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
  clean: (dataset, cleaning, job, onProgress, edits) =>
    jobs.run(job, (signal) => service.clean(dataset, cleaning, { signal, onProgress }, edits)),
  surveyCleaning: (dataset, rules, job, onProgress) =>
    jobs.run(job, (signal) => service.survey(dataset, rules, { signal, onProgress })),
  samples: (dataset, range) => service.samples(dataset, range),
  facets: (dataset) => service.facets(dataset),
  sample: (dataset, index) => service.sample(dataset, index),
  tokens: (dataset, data, texts) => service.tokens(dataset, data, texts),
  tokenizers: () => service.tokenizers(),
  async addTokenizer(files) {
    const read = files.map(async (file) => ({
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    }));
    return service.addTokenizer(await Promise.all(read));
  },
  removeTokenizer: (fingerprint) => service.removeTokenizer(fingerprint),
  async thumbnails(dataset, indices, size) {
    const thumbnails = await service.thumbnails(dataset, indices, size);
    return transfer(thumbnails, [thumbnails.pixels.buffer]);
  },
  async sheet(dataset, indices, size) {
    const { pictures, outlines } = await service.small(dataset, indices, size, barsIn(size));
    const sheet = await sheetOf(size, pictures, outlines);
    return transfer(sheet, [sheet.image]);
  },
  async sound(dataset, index) {
    const sound = await service.sound(dataset, index);
    return sound && transfer(sound, [sound.samples.buffer]);
  },
};

expose(api);
