/**
 * A small pool of decoding workers to which work is dealt in turn. A damaged sound or film can send its decoder into a loop that nothing inside
 * the worker ends; so each has its worker's media to itself, and a worker that does not answer is ended and another one started.
 */
import { type Remote, releaseProxy, transfer, wrap } from 'comlink';
import { StudioError } from '../core/errors.ts';
import type { DecodeTools } from '../data/decodeSamples.ts';
import type { FilmFacts } from '../data/media/facts.ts';
import type { DecodeApi } from './decode.worker.ts';
import './transfer.ts';

/** What decodes an import, each part in a worker; `end` lets the workers go. */
export interface DecodePool extends Required<Pick<DecodeTools, 'decode' | 'listen' | 'film'>> {
  /** @throws StudioError `film-decode` */
  facts(data: Blob | Uint8Array, file: string): Promise<FilmFacts>;
  end(): void;
}

interface Seat {
  ask<T>(work: (remote: Remote<DecodeApi>) => Promise<T>): Promise<T>;
  /** One after another, each for at most `patience`. */
  media<T>(
    code: 'sound-decode' | 'film-decode',
    file: string,
    work: (remote: Remote<DecodeApi>) => Promise<T>,
  ): Promise<T>;
  end(): void;
}

/** @param patience seconds for one sound, or a few parts of a film */
export function createPool(size: number, patience = 120): DecodePool {
  const seats = Array.from({ length: size }, () => createSeat(patience));
  let next = 0;
  const seat = () => seats[next++ % seats.length];
  return {
    decode: (bytes, file, options) => {
      const own = ownBytes(bytes);
      return seat().ask((remote) => remote.decode(transfer(own, [own.buffer]), file, options));
    },
    listen: (data, file) => seat().media('sound-decode', file, (remote) => remote.listen(handed(data), file)),
    film: (data, file, parts, options) =>
      seat().media('film-decode', file, (remote) => remote.film(handed(data), file, [...parts], options)),
    facts: (data, file) => seat().media('film-decode', file, (remote) => remote.facts(handed(data), file)),
    end() {
      for (const { end } of seats) end();
    },
  };
}

function createSeat(patience: number): Seat {
  let waiting = new Set<(error: StudioError) => void>();
  let current = start();
  let last: Promise<unknown> = Promise.resolve();
  let watch: ReturnType<typeof setTimeout> | undefined;

  // A worker that dies never answers; whoever waits for one must hear of it.
  function start() {
    const worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
    const mine = waiting;
    let failure: StudioError | undefined;
    worker.addEventListener('error', (event) => {
      failure = new StudioError('internal', { message: event.message || 'A decoding worker stopped.' });
      for (const reject of mine) reject(failure);
    });
    const remote: Remote<DecodeApi> = wrap<DecodeApi>(worker);
    return { worker, remote, failed: () => failure };
  }
  function stop() {
    current.remote[releaseProxy]();
    current.worker.terminate();
  }
  function ask<T>(work: (remote: Remote<DecodeApi>) => Promise<T>): Promise<T> {
    const mine = waiting;
    return new Promise((resolve, reject) => {
      const failure = current.failed();
      if (failure) return reject(failure);
      mine.add(reject);
      work(current.remote)
        .then(resolve, reject)
        .finally(() => mine.delete(reject));
    });
  }
  return {
    ask,
    media(code, file, work) {
      const result = last.then(async () => {
        const late = new StudioError(code, { file, message: `nothing came in ${patience} seconds` });
        const answer = ask(work);
        watch = setTimeout(() => {
          const left = waiting;
          waiting = new Set();
          stop();
          current = start();
          for (const reject of left) reject(late);
        }, patience * 1000);
        return answer.finally(() => clearTimeout(watch));
      });
      last = result.catch(() => {});
      return result;
    },
    end() {
      clearTimeout(watch);
      stop();
    },
  };
}

/** A view of a larger buffer would take the whole buffer along. */
const ownBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();

/** A file goes by reference, bytes are moved. */
function handed(data: Blob | Uint8Array): Blob | Uint8Array {
  if (data instanceof Blob) return data;
  const own = ownBytes(data);
  return transfer(own, [own.buffer]);
}
