/** A binary heap of token pairs, most frequent first, smaller pair first among equals. Entries may be out of date. */
export interface PairHeap {
  push(pair: number, count: number): void;
  pop(): { pair: number; count: number } | undefined;
}

export function pairHeap(): PairHeap {
  const pairs: number[] = [];
  const counts: number[] = [];
  const before = (a: number, b: number) =>
    counts[a] > counts[b] || (counts[a] === counts[b] && pairs[a] < pairs[b]);
  const swap = (a: number, b: number) => {
    [pairs[a], pairs[b]] = [pairs[b], pairs[a]];
    [counts[a], counts[b]] = [counts[b], counts[a]];
  };
  return {
    push(pair, count) {
      let at = pairs.push(pair) - 1;
      counts.push(count);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!before(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    pop() {
      if (pairs.length === 0) return undefined;
      swap(0, pairs.length - 1);
      const pair = pairs.pop() ?? 0;
      const count = counts.pop() ?? 0;
      for (let at = 0; ; ) {
        let best = at;
        for (const child of [2 * at + 1, 2 * at + 2])
          if (child < pairs.length && before(child, best)) best = child;
        if (best === at) return { pair, count };
        swap(at, best);
        at = best;
      }
    },
  };
}
