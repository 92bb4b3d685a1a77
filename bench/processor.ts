/** What a step costs the processor, on Dawn's adapter that validates every call and executes none. */
import type { EngineName } from './compare.ts';
import { type Spread, spread } from './measure/statistics.ts';
import type { Start } from './places/remote.ts';

/** Milliseconds of a step: on the clock, and of processor time, all threads. */
export interface Overhead {
  wall: Spread;
  cpu: Spread;
}

/** @param start opens on an adapter that executes nothing */
export async function overhead(engine: EngineName, workload: string, start: Start): Promise<Overhead> {
  const remote = await start(false);
  try {
    await remote.open(engine, workload);
    // Past the engine's own warming up and the compiler's.
    await remote.run(engine === 'amalgam' ? 100 : 15);
    const wall: number[] = [];
    const cpu: number[] = [];
    const end = performance.now() + 8_000;
    while (wall.length < 10 || (wall.length < 300 && performance.now() < end)) {
      const ran = await remote.run(5);
      wall.push(...ran.milliseconds);
      cpu.push(...ran.cpu);
    }
    return { wall: spread(wall), cpu: spread(cpu) };
  } finally {
    await remote.close();
  }
}
