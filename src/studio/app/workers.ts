/** The one place that starts the workers. Everything else asks `api()` (app/api.ts). */
import { wrap } from 'comlink';
import type { DataApi, EngineApi } from '../../workers/api.ts';
import '../../workers/transfer.ts';

export function startWorkers(): { engine: EngineApi; data: DataApi } {
  const engine = new Worker(new URL('../../workers/engine.worker.ts', import.meta.url), { type: 'module' });
  const data = new Worker(new URL('../../workers/data.worker.ts', import.meta.url), { type: 'module' });
  return { engine: wrap<EngineApi>(engine), data: wrap<DataApi>(data) };
}
