/** The two workers as typed objects, set once before the page is drawn. */
import type { DataApi, EngineApi } from '../../workers/api.ts';
import { startWorkers } from './workers.ts';

export interface Api {
  engine: EngineApi;
  data: DataApi;
}

let current: Api | undefined;

export function api(): Api {
  current ??= startWorkers();
  return current;
}
