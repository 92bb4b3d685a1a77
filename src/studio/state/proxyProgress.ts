/** A progress callback that crosses to a worker. */
import { proxy } from 'comlink';
import type { OnProgress } from '../../workers/api.ts';

export const proxyProgress = (report: (...arguments_: Parameters<OnProgress>) => unknown): OnProgress =>
  proxy((progress) => {
    report(progress);
  });
