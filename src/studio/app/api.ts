/**
 * The two workers as typed objects, set once before the page is drawn. `?fake` in development puts in-page
 * stand-ins in their place; a production bundle never holds them.
 */
import type { DataApi, EngineApi } from '../../workers/api.ts';

export interface Api {
  engine: EngineApi;
  data: DataApi;
}

let current: Api | undefined;

export async function connectApi(): Promise<Api> {
  if (import.meta.env.DEV && new URLSearchParams(location.search).has('fake'))
    current = (await import('../testing/fakeApi.ts')).createFakeApi();
  else current = (await import('./workers.ts')).startWorkers();
  return current;
}

export function api(): Api {
  if (!current) throw new Error('connectApi has not finished');
  return current;
}
