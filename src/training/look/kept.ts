/** What looks have compiled for a model, so that asking again compiles nothing; it goes when the model does. */
import type { Runner } from '../../engine/executor.ts';
import type { Model } from '../model.ts';

export class Kept<T> {
  private readonly models = new WeakMap<Model, Map<string, Promise<T>>>();
  private readonly end: (made: T) => void;
  private readonly most: number;

  /**
   * @param end lets go of one
   * @param most questions of one model that are kept: those asked last
   */
  constructor(end: (made: T) => void, most = 3) {
    this.end = end;
    this.most = most;
  }

  /** @param key says all that it follows besides the model */
  get(model: Model, key: string, make: () => Promise<T>): Promise<T> {
    let own = this.models.get(model);
    if (!own) {
      const begun = new Map<string, Promise<T>>();
      own = begun;
      this.models.set(model, begun);
      model.whenDestroyed(() => {
        for (const name of [...begun.keys()]) this.drop(begun, name);
      });
    }
    const made = own.get(key) ?? make();
    // The one asked for last is the last to go.
    own.delete(key);
    own.set(key, made);
    const kept = own;
    made.catch(() => kept.delete(key));
    for (const name of [...own.keys()].slice(0, -this.most)) this.drop(own, name);
    return made;
  }

  private drop(own: Map<string, Promise<T>>, name: string): void {
    own.get(name)?.then(
      (made) => this.end(made),
      () => undefined,
    );
    own.delete(name);
  }
}

const runners = new Kept<Runner>((runner) => runner.destroy(), 32);

/** A runner that is kept with a model. @param key says all that the runner's graph follows besides the model */
export const keptRunner = (model: Model, key: string, make: () => Promise<Runner>): Promise<Runner> =>
  runners.get(model, key, make);
