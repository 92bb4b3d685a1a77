/**
 * Unpacks gzip as a stream, within a budget. The platform's own decoder does it, off this thread; where that gives up, fflate goes on from the same place:
 * it reads archives that are several packed pieces one after another, which the platform refuses.
 */
import { Gunzip } from 'fflate';
import { StudioError } from '../../core/errors.ts';
import type { ByteSource } from './bytes.ts';

/** Unpacked bytes that any archive may have, times its packed size that larger ones may, and most of all. */
export const gzipBudget = { any: 2 ** 30, ratio: 100, most: 256 * 2 ** 30 };
const step = 256 * 1024;

/** @throws StudioError `archive-invalid`, `archive-budget` */
export async function* gunzip(
  source: ByteSource,
  budget = gzipBudget,
): AsyncGenerator<Uint8Array, void, void> {
  const limit = Math.min(budget.most, Math.max(budget.any, source.size * budget.ratio));
  const bounded = (size: number) => {
    if (size > limit)
      throw new StudioError('archive-budget', {
        file: source.name,
        limit: `${Number((limit / 2 ** 30).toPrecision(3))} GiB`,
      });
  };
  let given = 0;
  try {
    for await (const chunk of native(source)) {
      given += chunk.length;
      bounded(given);
      yield chunk;
    }
    return;
  } catch (error) {
    if (error instanceof StudioError) throw error;
  }
  let passed = 0;
  try {
    for await (const chunk of byFflate(source)) {
      const fresh = chunk.subarray(Math.max(0, given - passed));
      passed += chunk.length;
      bounded(passed);
      if (fresh.length > 0) yield fresh;
    }
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('archive-invalid', { file: source.name, message }, { cause });
  }
}

async function* native(source: ByteSource): AsyncGenerator<Uint8Array, void, void> {
  let at = 0;
  const packed = new ReadableStream<BufferSource>({
    async pull(controller) {
      if (at >= source.size) return controller.close();
      const bytes = await source.slice(at, Math.min(source.size, at + step));
      at += bytes.length;
      if (bytes.length === 0) return controller.error(new Error('it ends too early'));
      controller.enqueue(new Uint8Array(bytes));
    },
  });
  const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops early, as at a budget, leaves nothing running.
    await reader.cancel().catch(() => {});
  }
}

async function* byFflate(source: ByteSource): AsyncGenerator<Uint8Array, void, void> {
  let pieces: Uint8Array[] = [];
  let ended = false;
  const stream = new Gunzip((piece, final) => {
    pieces.push(piece);
    ended = final;
  });
  // Small steps, since each can grow a thousandfold.
  const small = 16 * 1024;
  for (let at = 0; at < source.size; at += small) {
    stream.push(await source.slice(at, Math.min(source.size, at + small)), at + small >= source.size);
    const ready = pieces;
    pieces = [];
    yield* ready;
  }
  if (!ended) throw new Error('it ends too early');
}
