/**
 * Looks take turns with training: one at a time, between two chunks of steps, where all see the weights of one step; and while training goes on they take
 * no more than a share of its time together, however many panels are open.
 */

/** Of the time, while training. */
const share = 0.05;
/** Milliseconds that training has for itself after the first look of a kind, at most: it compiles kernels and takes long, and that is soon forgiven. */
const longestFirst = 4000;
/** The same after any other, so that a person sees something however slow the device is. */
const longest = 120_000;

export class Between {
  private readonly waiting: { work: () => Promise<void>; kind?: string }[] = [];
  /** Kinds that have been looked at. */
  private readonly known = new Set<string>();
  private turn: Promise<void> = Promise.resolve();
  /** Of `performance.now()`: looks wait until then while training. */
  private free = 0;

  /**
   * @param waits whether training goes on, and calls `serve`
   * @param kind what is compiled once for all that are of it; without one each is the first of its own
   */
  ask<T>(waits: boolean, work: () => Promise<T>, kind?: string): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ work: () => work().then(resolve, reject), kind });
      if (!waits) void this.drain();
    });
  }

  /** A turn between chunks of steps. */
  async serve(): Promise<void> {
    if (this.waiting.length === 0 || performance.now() < this.free) return;
    const [{ kind }] = this.waiting;
    const first = kind === undefined || !this.known.has(kind);
    const began = performance.now();
    await this.next();
    const now = performance.now();
    this.free = now + Math.min(first ? longestFirst : longest, (now - began) * (1 / share - 1));
  }

  /** Everything that waits; for when training does not. */
  async drain(): Promise<void> {
    while (this.waiting.length > 0) await this.next();
  }

  private next(): Promise<void> {
    // Begun one after another, whoever calls.
    this.turn = this.turn.then(() => {
      const next = this.waiting.shift();
      if (next?.kind !== undefined) this.known.add(next.kind);
      return next?.work();
    });
    return this.turn;
  }
}
