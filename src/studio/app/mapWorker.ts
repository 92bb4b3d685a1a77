/** The worker that lays out maps, started when the first is drawn. */
import { wrap } from 'comlink';
import type { MapApi } from '../../workers/api.ts';

let started: MapApi | undefined;

export function mapWorker(): MapApi {
  started ??= wrap<MapApi>(
    new Worker(new URL('../../workers/map.worker.ts', import.meta.url), { type: 'module' }),
  );
  return started;
}
