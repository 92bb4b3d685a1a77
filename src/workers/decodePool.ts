/** A small pool of decoding workers to which work is dealt in turn. */
import { type Remote, releaseProxy, transfer, wrap } from 'comlink';
import { StudioError } from '../core/errors.ts';
import type { DecodeTools } from '../data/decodeSamples.ts';
import type { DecodeApi } from './decode.worker.ts';
import './transfer.ts';

/** What decodes an import, each part in a worker; `end` lets the workers go. */
export type DecodePool = Required<Pick<DecodeTools, 'decode' | 'listen' | 'film'>> & { end(): void };

export function createPool(size: number): DecodePool {
  // A worker that dies never answers; whoever waits for one must hear of it.
  const waiting = new Set<(error: StudioError) => void>();
  let failure: StudioError | undefined;
  const workers = Array.from({ length: size }, () => {
    const worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('error', (event) => {
      failure = new StudioError('internal', { message: event.message || 'A decoding worker stopped.' });
      for (const reject of waiting) reject(failure);
    });
    const remote: Remote<DecodeApi> = wrap<DecodeApi>(worker);
    return { worker, remote };
  });
  let next = 0;
  const ask = <T>(work: (remote: Remote<DecodeApi>) => Promise<T>): Promise<T> => {
    const { remote } = workers[next++ % workers.length];
    return new Promise((resolve, reject) => {
      if (failure) return reject(failure);
      waiting.add(reject);
      work(remote)
        .then(resolve, reject)
        .finally(() => waiting.delete(reject));
    });
  };
  return {
    decode: (bytes, file, options) => {
      const own = ownBytes(bytes);
      return ask((remote) => remote.decode(transfer(own, [own.buffer]), file, options));
    },
    listen: (data, file) => ask((remote) => remote.listen(handed(data), file)),
    film: (data, file, parts, options) =>
      ask((remote) => remote.film(handed(data), file, [...parts], options)),
    end() {
      for (const { worker, remote } of workers) {
        remote[releaseProxy]();
        worker.terminate();
      }
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
