/** Pictures while they are being decoded or made: written in any order, then moved together without those that failed. */
import { allocate } from './pack.ts';
import type { Pixels } from './pixels.ts';

export interface PixelDraft {
  write(index: number, picture: Uint8Array): void;
  /** Those with a 1, in order. Nothing can be written any more. */
  finish(kept: Uint8Array): Promise<Pixels>;
  /** Nothing of it stays. */
  discard(): Promise<void>;
}

/** @param bytes of a picture. @throws StudioError `out-of-memory` */
export function draftInMemory(count: number, bytes: number): PixelDraft {
  const all = allocate(count * bytes, 'pictures');
  return {
    write: (index, picture) => all.set(picture, index * bytes),
    async finish(kept) {
      const left = moveTogether(kept, (from, to) =>
        all.copyWithin(to * bytes, from * bytes, (from + 1) * bytes),
      );
      return left === count ? all : all.slice(0, left * bytes);
    },
    discard: async () => undefined,
  };
}

/** Calls `move` for each kept picture that has another place afterwards, in order; their number. */
export function moveTogether(kept: Uint8Array, move: (from: number, to: number) => void): number {
  let count = 0;
  for (let index = 0; index < kept.length; index++) {
    if (kept[index] === 0) continue;
    if (count !== index) move(index, count);
    count++;
  }
  return count;
}
