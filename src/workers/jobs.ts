/**
 * Long work that can be cancelled by name. An AbortSignal cannot cross to a worker; an id can. A cancel that overtakes
 * its own job (the message of the job is larger) is remembered, so that the job ends as soon as it begins.
 */
interface Jobs {
  /** Runs work under an id until it ends or is cancelled. */
  run<T>(job: string, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  cancel(job: string): void;
}

/** Early cancels that are remembered at most. */
const remembered = 64;

export function createJobs(): Jobs {
  const running = new Map<string, AbortController>();
  const early = new Set<string>();
  return {
    async run(job, work) {
      const controller = new AbortController();
      if (early.delete(job)) controller.abort();
      running.set(job, controller);
      try {
        return await work(controller.signal);
      } finally {
        if (running.get(job) === controller) running.delete(job);
      }
    },
    cancel(job) {
      const controller = running.get(job);
      if (controller) controller.abort();
      else {
        early.add(job);
        const [oldest] = early;
        if (early.size > remembered) early.delete(oldest);
      }
    },
  };
}
