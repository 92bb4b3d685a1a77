/**
 * Memory plan: every activation gets a range of one of a few buffers, reused once nobody reads it any more. WebGPU forbids reading and
 * writing one buffer in a dispatch, even at disjoint ranges, so tensors that meet in a dispatch as input and output go to
 * different buffers. Greedy by size (Pisarchyk & Lee 2020) under that constraint. Offsets are multiples of 256.
 */
export interface Lifetime {
  bytes: number;
  /** First and last dispatch that touches it. */
  first: number;
  last: number;
}

export interface MemoryPlan<Key> {
  places: Map<Key, { buffer: number; offset: number }>;
  /** Bytes of each buffer. */
  buffers: number[];
}

const alignment = 256;
export const align = (bytes: number) => Math.ceil(bytes / alignment) * alignment;

/** @param maxBuffer largest buffer the adapter allows; a tensor larger than that is the caller's to report */
export function planMemory<Key>(
  lifetimes: ReadonlyMap<Key, Lifetime>,
  dispatches: readonly { reads: readonly Key[]; writes: readonly Key[] }[],
  maxBuffer: number,
): MemoryPlan<Key> {
  const rivals = new Map<Key, Set<Key>>();
  for (const key of lifetimes.keys()) rivals.set(key, new Set());
  for (const { reads, writes } of dispatches)
    for (const write of writes)
      for (const read of reads)
        if (lifetimes.has(write) && lifetimes.has(read) && write !== read) {
          rivals.get(write)!.add(read);
          rivals.get(read)!.add(write);
        }

  const places = new Map<Key, { buffer: number; offset: number }>();
  const buffers: number[] = [];
  const contents: { key: Key; offset: number; bytes: number; life: Lifetime }[][] = [];
  const order = [...lifetimes].sort(([, a], [, b]) => b.bytes - a.bytes || a.first - b.first);
  for (const [key, life] of order) {
    const bytes = align(life.bytes);
    const forbidden = new Set([...rivals.get(key)!].flatMap((rival) => places.get(rival)?.buffer ?? []));
    let best: { buffer: number; offset: number; growth: number } | undefined;
    for (const [buffer, size] of buffers.entries()) {
      if (forbidden.has(buffer)) continue;
      const alive = contents[buffer]
        .filter((other) => other.life.first <= life.last && life.first <= other.life.last)
        .sort((a, b) => a.offset - b.offset);
      let offset = 0;
      for (const other of alive) {
        if (other.offset - offset >= bytes) break;
        offset = Math.max(offset, other.offset + other.bytes);
      }
      if (offset + bytes > maxBuffer) continue;
      const growth = Math.max(0, offset + bytes - size);
      if (!best || growth < best.growth) best = { buffer, offset, growth };
    }
    if (!best) {
      best = { buffer: buffers.length, offset: 0, growth: bytes };
      buffers.push(0);
      contents.push([]);
    }
    buffers[best.buffer] = Math.max(buffers[best.buffer], best.offset + bytes);
    contents[best.buffer].push({ key, offset: best.offset, bytes, life });
    places.set(key, { buffer: best.buffer, offset: best.offset });
  }
  return { places, buffers };
}
