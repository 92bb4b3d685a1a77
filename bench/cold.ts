/** The first step in a fresh process: what a person waits for who opens the studio for the first time. */
import type { EngineName } from './compare.ts';
import type { Start } from './places/remote.ts';

/** Milliseconds of the first step in a fresh process with nothing compiled; undefined when it takes longer than `limit` seconds. */
export async function coldStart(
  engine: EngineName,
  workload: string,
  start: Start,
  limit: number,
): Promise<number | undefined> {
  const remote = await start(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), limit * 1000);
    });
    const opened = remote.open(engine, workload);
    const first = await Promise.race([opened, late]);
    if (!first) opened.catch(() => undefined);
    return first?.milliseconds;
  } finally {
    clearTimeout(timer);
    await remote.close();
  }
}
