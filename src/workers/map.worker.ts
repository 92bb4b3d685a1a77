/** Lays out maps of embeddings (evaluation/neighbourMap.ts), away from the page and from the engine: seconds of work. */
import { expose } from 'comlink';
import './transfer.ts';
import { neighbourMap } from '../evaluation/neighbourMap.ts';
import type { MapApi } from './api.ts';

const api: MapApi = {
  layOut: async ({ vectors, width, ...options }) =>
    Float32Array.from(neighbourMap(vectors, vectors.length / width, width, options)),
};

expose(api);
