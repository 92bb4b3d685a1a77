/**
 * In-page stand-ins for both workers, for building and looking at the page without them (`?fake` in development).
 * Believable numbers, no computation; never in a production bundle.
 */
import type { Api } from '../app/api.ts';
import { createFakeData } from './fakeData.ts';
import { createFakeEngine } from './fakeEngine.ts';

export function createFakeApi(): Api {
  const data = createFakeData();
  return { data, engine: createFakeEngine(data) };
}
