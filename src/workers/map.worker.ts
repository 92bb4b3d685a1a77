/** Lays out maps of embeddings (evaluation/neighbourMap.ts), away from the page and from the engine: seconds of work. */
import { expose } from 'comlink';
import './transfer.ts';
import { StudioError } from '../core/errors.ts';
import { neighbourMap } from '../evaluation/neighbourMap.ts';
import type { MapApi } from './api.ts';

const cancelled = new Set<string>();

/** Lets messages of the page arrive. */
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));

const api: MapApi = {
  async layOut({ vectors, width, ...options }, job, onProgress) {
    try {
      const tick = async (share: number) => {
        onProgress({ phase: 'map', done: Math.round(100 * share), total: 100 });
        await breathe();
        if (cancelled.has(job)) throw new StudioError('cancelled', { what: 'UMAP' });
      };
      return Float32Array.from(await neighbourMap(vectors, vectors.length / width, width, options, tick));
    } finally {
      cancelled.delete(job);
    }
  },
  cancel: async (job) => void cancelled.add(job),
};

expose(api);
