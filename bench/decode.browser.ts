/** In the page: pictures through the pool of decoding workers, as an import does it. */
import { pictureDefaults } from '../src/data/pictureDefaults.ts';
import { createPool } from '../src/workers/decodePool.ts';

declare global {
  interface Window {
    decodeAll(addresses: string[], workers: number, seconds: number): Promise<number>;
  }
}

/** Pictures a second over so many seconds, after one round that nothing counts. */
window.decodeAll = async (addresses, workers, seconds) => {
  const files = await Promise.all(
    addresses.map(async (address) => new Uint8Array(await (await fetch(address)).arrayBuffer())),
  );
  const pool = createPool(workers);
  const until = async (end: (done: number) => boolean): Promise<number> => {
    let [next, done] = [0, 0];
    const work = async () => {
      while (!end(next)) {
        const place = next++ % files.length;
        // Read anew for each, as out of a folder: the bytes move to the worker.
        await pool.decode(files[place].slice(), addresses[place], pictureDefaults);
        done++;
      }
    };
    await Promise.all(Array.from({ length: workers * 2 }, work));
    return done;
  };
  await until((begun) => begun >= files.length);
  const start = performance.now();
  const done = await until(() => performance.now() - start > seconds * 1000);
  const rate = done / ((performance.now() - start) / 1000);
  pool.end();
  return rate;
};
