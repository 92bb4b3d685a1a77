/** Changes that a person makes at a session: each is checked and made ready while training goes on, and waits until no step is under way. */
import type { Change } from '../core/controls.ts';
import type { Course } from './course.ts';
import type { Phase } from './phase.ts';

interface Waiting {
  change: Change;
  /** Made for it, where the structure changes. */
  phase?: Phase;
  settle(error?: unknown): void;
}

export class Changing {
  private readonly course: Course;
  /** Told after a change came into force. */
  private readonly changed: () => Promise<void>;
  private waiting: Waiting[] = [];
  private preparing: Promise<unknown> = Promise.resolve();
  private applying: Promise<void> = Promise.resolve();

  constructor(course: Course, changed: () => Promise<void>) {
    this.course = course;
    this.changed = changed;
  }

  /** Whether steps should settle, because something is ready to be put in force. */
  get waits(): boolean {
    return this.waiting.length > 0;
  }

  /**
   * Settles when the change is in force.
   * @param step done, whenever it is asked
   * @param ready told when the change waits for `apply`
   * @throws StudioError `recipe-invalid`
   */
  ask(change: Change, step: () => number, ready: () => void): Promise<void> {
    const prepared = this.preparing.then(async () => {
      const phase = await this.course.prepare(change, step());
      return new Promise<void>((resolve, reject) => {
        this.waiting.push({
          change,
          phase,
          settle: (error) => (error === undefined ? resolve() : reject(error)),
        });
        ready();
      });
    });
    this.preparing = prepared.catch(() => undefined);
    return prepared;
  }

  /** Puts in force what waits, after `step` steps, which must be settled. Never throws: who asked is told. */
  apply(step: number): Promise<void> {
    this.applying = this.applying.then(async () => {
      for (const { change, phase, settle } of this.waiting.splice(0)) {
        try {
          await this.course.change(change, step, phase);
          await this.changed();
          settle();
        } catch (error) {
          settle(error);
        }
      }
    });
    return this.applying;
  }

  /** Lets go of what waits, and says why. */
  end(reason: unknown): void {
    for (const { phase, settle } of this.waiting.splice(0)) {
      phase?.destroy();
      settle(reason);
    }
  }
}
