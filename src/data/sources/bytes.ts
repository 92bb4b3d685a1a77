/** Bytes that can be read in parts: a file on disk, a dropped file, a part of an archive, or something unpacked. */
import { baseName } from './paths.ts';
import type { SourceFile } from './tree.ts';

export interface ByteSource {
  name: string;
  size: number;
  slice(start: number, end: number): Promise<Uint8Array>;
  /** The same bytes as what another worker can be handed without copying them. */
  blob?: Blob;
}

export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    blob,
    slice: inBlocks(
      blob.size,
      async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
    ),
  };
}

const blockBytes = 2 ** 20;
/** As many as there may be readers at different places. */
const mostBlocks = 8;

/** Small reads served from blocks: asking a browser for a piece of a file takes a millisecond, however small it is. */
function inBlocks(size: number, read: ByteSource['slice']): ByteSource['slice'] {
  const blocks = new Map<number, Promise<Uint8Array>>();
  const blockOf = (index: number) => {
    const known = blocks.get(index);
    if (known) return known;
    const found = read(index * blockBytes, Math.min(size, (index + 1) * blockBytes));
    blocks.set(index, found);
    // What failed once may be there later.
    found.catch(() => blocks.delete(index));
    for (const oldest of blocks.keys()) {
      if (blocks.size <= mostBlocks) break;
      blocks.delete(oldest);
    }
    return found;
  };
  return async (start, end) => {
    const [first, last] = [Math.floor(start / blockBytes), Math.floor((end - 1) / blockBytes)];
    if (last > first + 1 || !(end > start)) return read(start, end);
    const result = new Uint8Array(Math.min(end, size) - start);
    for (let index = first; index <= last; index++) {
      const from = index * blockBytes;
      const block = await blockOf(index);
      // A copy: what was asked for may move to another worker.
      result.set(block.subarray(Math.max(0, start - from), end - from), Math.max(0, from - start));
    }
    return result;
  };
}

/** A stretch of another source; nothing is copied. */
export function partOf(source: ByteSource, name: string, from: number, size: number): ByteSource {
  return {
    name,
    size,
    // Made when it is asked for: a browser keeps books of each, and archives have a hundred thousand parts.
    get blob() {
      return source.blob?.slice(from, from + size);
    },
    slice: (start, end) => source.slice(from + start, from + Math.min(end, size)),
  };
}

/** Bytes of a file that can only be read whole. @throws what its `read` throws */
export async function memorySource({ path, read }: SourceFile): Promise<ByteSource> {
  return sourceOf(baseName(path), await read());
}

/** What a decoder in another worker is handed: the file itself where it can be read in parts there, or its bytes. @throws what `read` throws */
export const handOver = async ({ read, source }: SourceFile): Promise<Blob | Uint8Array> =>
  source?.blob ?? read();

/** The source of what was handed over. */
export const sourceOf = (name: string, data: Blob | Uint8Array): ByteSource =>
  data instanceof Blob
    ? blobSource(name, data)
    : { name, size: data.length, slice: async (start, end) => data.subarray(start, end) };

/** Where unpacked bytes go that are too many for memory: written once from the front, then read in parts. */
export interface Spill {
  append(bytes: Uint8Array): Promise<void>;
  /** What was appended from `from` on. */
  source(name: string, from: number, size: number): ByteSource;
}

export type CreateSpill = () => Promise<Spill>;

/** Bytes that become one blob. */
const pieceSize = 8 * 2 ** 20;

/** Blobs, which a browser keeps out of the worker's memory and on disk where they are many. */
export async function blobSpill(): Promise<Spill> {
  const pieces: { start: number; blob: Blob }[] = [];
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let [settled, size] = [0, 0];
  const settle = () => {
    if (size === settled) return;
    pieces.push({ start: settled, blob: new Blob(waiting) });
    waiting = [];
    settled = size;
  };
  return {
    async append(bytes) {
      waiting.push(bytes.slice());
      size += bytes.length;
      if (size - settled >= pieceSize) settle();
    },
    source(name, from, length) {
      const parts = () => {
        settle();
        const inside = pieces.filter(({ start, blob }) => start < from + length && start + blob.size > from);
        return new Blob(
          inside.map(({ start, blob }) => blob.slice(Math.max(0, from - start), from + length - start)),
        );
      };
      let whole: Blob | undefined;
      const blob = () => {
        whole ??= parts();
        return whole;
      };
      return {
        name,
        size: length,
        get blob() {
          return blob();
        },
        slice: async (start, end) => new Uint8Array(await blob().slice(start, end).arrayBuffer()),
      };
    },
  };
}
