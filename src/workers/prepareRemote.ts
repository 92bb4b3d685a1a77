/** `prepare` (data/prepare.ts) run in its own worker; the worker ends with the work. Pictures in a file stay there: each worker opens it for itself. */
import { proxy, transfer, wrap } from 'comlink';
import './transfer.ts';
import type { DatasetReader } from '../data/dataset.ts';
import type { prepare } from '../data/prepare.ts';
import { handedOver, taken } from './pixelsAcross.ts';
import type { PrepareApi } from './prepare.worker.ts';

export const prepareRemote =
  (datasets: DatasetReader): typeof prepare =>
  async (dataset, data, tokenizer, onProgress) => {
    const worker = new Worker(new URL('./prepare.worker.ts', import.meta.url), { type: 'module' });
    try {
      const failed = new Promise<never>((_, reject) => {
        worker.onerror = (event) => reject(new Error(event.message || 'the preparing worker did not start'));
      });
      const { pixels, large } = handedOver(dataset.pixels);
      const work = wrap<PrepareApi>(worker).prepare(
        transfer({ ...dataset, pixels }, [
          ...large,
          ...(dataset.sound ? [dataset.sound.samples.buffer] : []),
        ]),
        data,
        tokenizer,
        onProgress && proxy(onProgress),
      );
      // Read while the worker works, so that the engine worker starts without it.
      const [prepared, { loadTokenizer }] = await Promise.all([
        Promise.race([work, failed]),
        import('../data/text/tokenizer.ts'),
      ]);
      return {
        ...prepared,
        pixels: await taken(prepared.pixels, datasets),
        tokenizer: loadTokenizer(prepared.tokenizer),
      };
    } finally {
      worker.terminate();
    }
  };
