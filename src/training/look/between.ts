/**
 * Looks take turns with training: one at a time, between two chunks of steps, where all see the weights of one step; and while training goes on they take
 * no more than a share of its time together, however many panels are open.
 */

/** Of the time, while training. */
const share = 0.07;
/** Milliseconds that training has for itself after a look, at most: the first of its kind compiles kernels and takes long. */
const longest = 4000;

export class Between {
  private readonly waiting: (() => Promise<void>)[] = [];
  private turn: Promise<void> = Promise.resolve();
  /** Of `performance.now()`: looks wait until then while training. */
  private free = 0;

  /** @param waits whether training goes on, and calls `serve` */
  ask<T>(waits: boolean, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push(() => work().then(resolve, reject));
      if (!waits) void this.drain();
    });
  }

  /** A turn between chunks of steps. */
  async serve(): Promise<void> {
    if (this.waiting.length === 0 || performance.now() < this.free) return;
    const began = performance.now();
    await this.next();
    const now = performance.now();
    this.free = now + Math.min(longest, (now - began) * (1 / share - 1));
  }

  /** Everything that waits; for when training does not. */
  async drain(): Promise<void> {
    while (this.waiting.length > 0) await this.next();
  }

  private next(): Promise<void> {
    // Begun one after another, whoever calls.
    this.turn = this.turn.then(() => this.waiting.shift()?.());
    return this.turn;
  }
}
