/** Runners that looks keep with a model, so that asking again compiles nothing; they go when the model does. */
import type { Runner } from '../../engine/executor.ts';
import type { Model } from '../model.ts';

const all = new WeakMap<Model, Map<string, Promise<Runner>>>();

/** @param key says all that the runner's graph follows besides the model */
export function keptRunner(model: Model, key: string, make: () => Promise<Runner>): Promise<Runner> {
  let own = all.get(model);
  if (!own) {
    const runners = new Map<string, Promise<Runner>>();
    own = runners;
    all.set(model, own);
    model.whenDestroyed(() => {
      for (const runner of runners.values())
        runner.then(
          (made) => made.destroy(),
          () => undefined,
        );
    });
  }
  let known = own.get(key);
  if (!known) {
    known = make();
    known.catch(() => own.delete(key));
    own.set(key, known);
  }
  return known;
}
