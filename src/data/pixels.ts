/**
 * The pictures of a data set, RGB bytes one picture after another: an array where they fit, else a file of which only what is asked for is
 * read. Reading is synchronous, so that a batch is made in one go (a private file system allows that in workers).
 */
import { contentHash } from './contentHash.ts';

/** As much of a `Uint8Array` as a file can do too; a `Uint8Array` is one. */
export interface Pixels {
  /** Bytes. */
  readonly length: number;
  /** Bytes `start` … `end` (or the end), not to be written to. */
  subarray(start: number, end?: number): Uint8Array;
}

/** Pictures take so many bytes of memory at most; more stay in a file. */
export const heldBytes = 256 * 2 ** 20;

/** A file that is read from any place. */
export interface RandomAccess {
  readonly length: number;
  /** Fills `target` from byte `at` on. @throws where the file has ended or is gone */
  read(target: Uint8Array, at: number): void;
}

export interface FilePlace {
  folder: string;
  file: string;
}

/** Pictures in a file. Who reads them in order gets blocks, who jumps gets no more than asked for. */
export class FilePixels implements Pixels {
  readonly length: number;
  /** Where a store keeps it, so that another worker can read it too. */
  readonly place: FilePlace;
  private readonly file: RandomAccess;
  private block: Uint8Array = new Uint8Array(0);
  private from = 0;
  /** Where the latest read ended. */
  private next = 0;

  constructor(file: RandomAccess, place: FilePlace) {
    this.file = file;
    this.place = place;
    this.length = file.length;
  }

  subarray(start: number, end = this.length): Uint8Array {
    const inBlock = start >= this.from && end <= this.from + this.block.length;
    if (!inBlock) {
      const wanted = start === this.next ? Math.max(ahead, end - start) : end - start;
      // A new block each time: what was given out stays what it was.
      const block = new Uint8Array(Math.min(wanted, this.length - start));
      this.file.read(block, start);
      if (block.length < ahead) {
        this.next = end;
        return block.subarray(0, end - start);
      }
      this.block = block;
      this.from = start;
    }
    this.next = end;
    return this.block.subarray(start - this.from, end - this.from);
  }
}

/** Read at once by who reads in order. */
const ahead = 2 ** 20;

/** Pictures of other pictures, each `bytes` long: place `i` shows number `sources[i]`. Reads go from the beginning of a picture to the end of one. */
export class PickedPixels implements Pixels {
  readonly length: number;
  private readonly all: Pixels;
  private readonly sources: Int32Array;
  private readonly bytes: number;

  constructor(all: Pixels, sources: Int32Array, bytes: number) {
    this.all = all;
    this.sources = sources;
    this.bytes = bytes;
    this.length = sources.length * bytes;
  }

  subarray(start: number, end = this.length): Uint8Array {
    const { all, sources, bytes } = this;
    const result = new Uint8Array(end - start);
    for (let at = start; at < end; at += bytes) {
      const from = sources[at / bytes] * bytes;
      result.set(all.subarray(from, from + bytes), at - start);
    }
    return result;
  }
}

/** The pictures at `sources`, each `bytes` long; in memory where they were. */
export function pickPixels(all: Pixels, sources: Int32Array, bytes: number): Pixels {
  const picked = new PickedPixels(all, sources, bytes);
  return all instanceof Uint8Array ? picked.subarray(0, picked.length) : picked;
}

/** One after the other; in memory where both are and fit. */
export function joinPixels(first: Pixels, second: Pixels): Pixels {
  const length = first.length + second.length;
  const joined: Pixels = {
    length,
    subarray(start, end = length) {
      if (end <= first.length) return first.subarray(start, end);
      if (start >= first.length) return second.subarray(start - first.length, end - first.length);
      const result = new Uint8Array(end - start);
      result.set(first.subarray(start, first.length));
      result.set(second.subarray(0, end - first.length), first.length - start);
      return result;
    },
  };
  const held = first instanceof Uint8Array && second instanceof Uint8Array && length <= heldBytes;
  return held ? joined.subarray(0, length) : joined;
}

/** Black pictures; none of them takes memory. */
export const blackPixels = (length: number): Pixels => ({
  length,
  subarray: (start, end = length) => new Uint8Array(end - start),
});

/** What tells each picture's content from others', two numbers a picture; `data/splits.ts` looks for copies by it. */
export function printsOf(pixels: Pixels, count: number): Uint32Array {
  const bytes = count === 0 ? 0 : pixels.length / count;
  const prints = new Uint32Array(2 * count);
  for (let index = 0; index < count; index++)
    prints.set(contentHash(pixels.subarray(index * bytes, (index + 1) * bytes)), 2 * index);
  return prints;
}
