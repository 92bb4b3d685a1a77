/** What keeps a person waiting while training runs: tasks that block the page, and the longest time in which no step came. */
import type { Page } from '@playwright/test';

interface Watch {
  /** Milliseconds of the tasks that the browser calls long. */
  tasks: number[];
  /** When telemetry told of a further step, and of which. */
  steps: { at: number; step: number }[];
}

/** Before the page is opened. Telemetry frames are ArrayBuffers that begin with a JSON header (workers/telemetry.ts). */
export async function watchHitches(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watch: Watch = { tasks: [], steps: [] };
    Object.assign(window, { hitches: watch });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watch.tasks.push(duration);
    }).observe({ type: 'longtask' });
    const own = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage')!;
    Object.defineProperty(MessagePort.prototype, 'onmessage', {
      ...own,
      set(this: MessagePort, handler: ((event: MessageEvent) => void) | null) {
        own.set!.call(this, (event: MessageEvent) => {
          if (event.data instanceof ArrayBuffer) {
            const length = new DataView(event.data).getUint32(4, true);
            const { status } = JSON.parse(new TextDecoder().decode(new Uint8Array(event.data, 8, length)));
            if (status.step !== watch.steps.at(-1)?.step)
              watch.steps.push({ at: performance.now(), step: status.step });
          }
          handler?.call(this, event);
        });
      },
    });
  });
}

/** Forgets what was seen. */
export const clearHitches = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { hitches } = window as typeof window & { hitches: Watch };
    hitches.tasks.length = 0;
    hitches.steps.splice(0, hitches.steps.length - 1);
  });

export const hitches = (page: Page): Promise<{ longestTask: number; longestGap: number; steps: number }> =>
  page.evaluate(() => {
    const { tasks, steps } = (window as typeof window & { hitches: Watch }).hitches;
    const gaps = steps.slice(1).map(({ at }, index) => at - steps[index].at);
    return {
      longestTask: Math.max(0, ...tasks),
      longestGap: Math.max(0, ...gaps),
      steps: (steps.at(-1)?.step ?? 0) - (steps[0]?.step ?? 0),
    };
  });
