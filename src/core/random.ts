/**
 * Seeded random numbers. One generator for the whole product, so that a seed in a recipe means the same
 * thing in a browser and on a server. The generator is `sfc32` (Chris Doty-Humphrey, PractRand), seeded
 * through `splitmix32`; it passes PractRand and needs only 32-bit integer arithmetic.
 */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
  /** A new permutation of 0 … count − 1 (Fisher–Yates). */
  permutation(count: number): Uint32Array;
  /** One of the items. */
  pick<T>(items: readonly T[]): T;
}

/** A 32-bit hash of numbers and strings (FNV-1a), to derive independent streams: `random(seed, 'init', name)`. */
export function hash(...parts: (number | string)[]): number {
  let h = 0x811c9dc5;
  for (const part of parts) {
    const text = typeof part === 'number' ? `#${part}` : part;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ 0x2f, 0x01000193);
  }
  return h >>> 0;
}

/** An independent stream for the given parts. Equal parts give equal streams on every machine. */
export function random(...parts: (number | string)[]): Random {
  let state = hash(...parts);
  const mix = () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  let a = mix();
  let b = mix();
  let c = mix();
  let d = 1;
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const uniform = () => next() / 4294967296;
  let spare: number | undefined;
  return {
    uniform,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    integer: (below) => Math.floor(uniform() * below),
    permutation(count) {
      const order = Uint32Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = Math.floor(uniform() * (i + 1));
        const kept = order[i];
        order[i] = order[j];
        order[j] = kept;
      }
      return order;
    },
    pick: (items) => items[Math.floor(uniform() * items.length)],
  };
}
