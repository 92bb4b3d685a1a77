/**
 * Perceptual hashes and their look-up. A hash is 64 bits: which of the 8 × 8 lowest frequencies of the picture's brightness (DCT-II of 32 × 32 pixels) lie above their median
 * (Zauner 2010, “Implementation and benchmarking of perceptual image hash functions”). Hashes at most k bits apart are equal in one of k + 1 pieces at least, so one table a
 * piece finds all of them (Norouzi et al. 2012, “Fast search in Hamming space with multi-index hashing”): nothing is missed.
 */
import type { Dataset } from '../dataset.ts';
import { lowFrequencies, luma, pictureAt } from './pictures.ts';

export interface Hash {
  /** Bits 0 … 31 and 32 … 63. */
  low: number;
  high: number;
}

const side = 32;

export function perceptualHash(dataset: Dataset, sample: number): Hash {
  const values = lowFrequencies(luma(pictureAt(dataset, sample, side)), side, 8);
  // The mean brightness says nothing of what is pictured; its bit is always 0.
  const sorted = values.slice(1).sort();
  const median = sorted[31];
  const word = (from: number) => {
    let bits = 0;
    for (let i = 0; i < 32; i++) if (from + i > 0 && values[from + i] > median) bits |= 1 << i;
    return bits >>> 0;
  };
  return { low: word(0), high: word(32) };
}

function ones(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  return Math.imul((w + (w >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export const hamming = (a: Hash, b: Hash): number => ones(a.low ^ b.low) + ones(a.high ^ b.high);

/** Bits `from … to` (at most 32) of a hash, as a number. */
function piece({ low, high }: Hash, from: number, to: number): number {
  let bits = 0;
  for (let i = from; i < to; i++)
    bits = bits * 2 + (((i < 32 ? low >>> i : high >>> (i - 32)) & 1) as number);
  return bits;
}

/** All hashes within a distance, exactly. */
export class HashIndex {
  private readonly tables: Map<number, number[]>[];
  private readonly hashes = new Map<number, Hash>();
  private readonly most: number;

  /** @param most bits that may differ, 0 … 31 */
  constructor(most: number) {
    this.most = most;
    this.tables = Array.from({ length: Math.max(2, most + 1) }, () => new Map());
  }

  private keys(hash: Hash): number[] {
    const pieces = this.tables.length;
    return this.tables.map((_, i) =>
      piece(hash, Math.floor((64 * i) / pieces), Math.floor((64 * (i + 1)) / pieces)),
    );
  }

  add(id: number, hash: Hash): void {
    this.hashes.set(id, hash);
    for (const [i, key] of this.keys(hash).entries()) {
      const table = this.tables[i];
      const list = table.get(key);
      if (list) list.push(id);
      else table.set(key, [id]);
    }
  }

  /** The nearest, the earliest of equally near ones; undefined where none is near enough. */
  nearest(hash: Hash): { id: number; distance: number } | undefined {
    let best: { id: number; distance: number } | undefined;
    for (const [i, key] of this.keys(hash).entries())
      for (const id of this.tables[i].get(key) ?? []) {
        const distance = hamming(hash, this.hashes.get(id)!);
        if (distance > this.most) continue;
        if (!best || distance < best.distance || (distance === best.distance && id < best.id))
          best = { id, distance };
      }
    return best;
  }
}
