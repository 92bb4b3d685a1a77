/**
 * Approximate nearest neighbours of unit vectors: a hierarchical navigable small world (Malkov & Yashunin 2018, arXiv:1603.09320), with their heuristic for choosing
 * links (algorithm 4). Equal vectors hide each other, so whoever looks for copies adds one of each. Layers are drawn from a seed, so that equal additions give equal answers. Our own: what npm has is either WebAssembly that draws
 * its layers by itself or keeps vectors as lists.
 */
import { type Random, random } from '../../core/random.ts';

export interface Neighbour {
  id: number;
  /** Cosine. */
  similarity: number;
}

interface Options {
  /** Length of the vectors. */
  width: number;
  seed?: number;
  /** Links of a node on each layer, twice as many on the lowest (M of the paper). */
  links?: number;
  /** Candidates that are looked at while adding and while searching (efConstruction, ef). */
  adding?: number;
  searching?: number;
}

/** Candidates by similarity; `best` says which end is at the top. Equal ones by id, so that the order is one. */
class Heap {
  readonly ids: number[] = [];
  readonly keys: number[] = [];
  private readonly sign: number;
  constructor(best: boolean) {
    this.sign = best ? 1 : -1;
  }
  get size(): number {
    return this.ids.length;
  }
  private above(a: number, b: number): boolean {
    const difference = (this.keys[a] - this.keys[b]) * this.sign;
    return difference > 0 || (difference === 0 && (this.ids[b] - this.ids[a]) * this.sign > 0);
  }
  private swap(a: number, b: number): void {
    [this.ids[a], this.ids[b]] = [this.ids[b], this.ids[a]];
    [this.keys[a], this.keys[b]] = [this.keys[b], this.keys[a]];
  }
  push(id: number, key: number): void {
    let at = this.ids.push(id) - 1;
    this.keys.push(key);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.above(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }
  pop(): { id: number; similarity: number } {
    const top = { id: this.ids[0], similarity: this.keys[0] };
    this.swap(0, this.size - 1);
    this.ids.pop();
    this.keys.pop();
    let at = 0;
    for (;;) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.size && this.above(child, first)) first = child;
      if (first === at) return top;
      this.swap(at, first);
      at = first;
    }
  }
}

export class Neighbours {
  private readonly width: number;
  private readonly links: number;
  private readonly adding: number;
  private readonly searching: number;
  private readonly draw: Random;
  private vectors: Float32Array;
  /** Of each node, layer by layer, the nodes it is linked with. */
  private readonly nodes: number[][][] = [];
  private entry = -1;
  private visited = new Uint32Array(0);
  private round = 0;

  constructor({ width, seed = 0, links = 16, adding = 120, searching = 240 }: Options) {
    this.width = width;
    this.links = links;
    this.adding = adding;
    this.searching = searching;
    this.draw = random(seed, 'neighbours');
    this.vectors = new Float32Array(64 * width);
  }

  get size(): number {
    return this.nodes.length;
  }

  /** @param vector of length one, copied. @returns its id: 0, 1, 2 … */
  add(vector: Float32Array): number {
    const id = this.nodes.length;
    if ((id + 1) * this.width > this.vectors.length) {
      const larger = new Float32Array(2 * this.vectors.length);
      larger.set(this.vectors);
      this.vectors = larger;
    }
    this.vectors.set(vector, id * this.width);
    if (id >= this.visited.length) {
      const larger = new Uint32Array(Math.max(64, 2 * this.visited.length));
      larger.set(this.visited);
      this.visited = larger;
    }
    const top = Math.floor(-Math.log(1 - this.draw.uniform()) / Math.log(this.links));
    const layers: number[][] = Array.from({ length: top + 1 }, () => []);
    this.nodes.push(layers);
    if (this.entry < 0) {
      this.entry = id;
      return id;
    }
    const highest = this.nodes[this.entry].length - 1;
    let entries = [this.descend(vector, highest, top)];
    for (let layer = Math.min(top, highest); layer >= 0; layer--) {
      const found = this.look(vector, entries, layer, this.adding);
      layers[layer] = this.choose(found, this.links);
      for (const other of layers[layer]) this.link(other, id, layer);
      entries = found.map((one) => one.id);
    }
    if (top > highest) this.entry = id;
    return id;
  }

  /** The `count` nearest, nearest first; with what is preset at least 95 of 100 true ones among 20,000 (docs/benchmarks.md). */
  search(vector: Float32Array, count: number): Neighbour[] {
    if (this.entry < 0) return [];
    const start = this.descend(vector, this.nodes[this.entry].length - 1, 0);
    return this.look(vector, [start], 0, Math.max(this.searching, count)).slice(0, count);
  }

  private similarity(vector: Float32Array, id: number): number {
    const { vectors, width } = this;
    const from = id * width;
    let sum = 0;
    for (let i = 0; i < width; i++) sum += vector[i] * vectors[from + i];
    return sum;
  }

  private vectorOf = (id: number): Float32Array =>
    this.vectors.subarray(id * this.width, (id + 1) * this.width);

  /** Greedily down to the layer above `to`. */
  private descend(vector: Float32Array, from: number, to: number): number {
    let at = this.entry;
    let best = this.similarity(vector, at);
    for (let layer = from; layer > to; layer--) {
      for (let moved = true; moved; ) {
        moved = false;
        for (const other of this.nodes[at][layer]) {
          const similarity = this.similarity(vector, other);
          if (similarity > best) {
            best = similarity;
            at = other;
            moved = true;
          }
        }
      }
    }
    return at;
  }

  /** The best `width` of one layer, best first (algorithm 2). */
  private look(vector: Float32Array, entries: readonly number[], layer: number, width: number): Neighbour[] {
    this.round++;
    const { visited, round, nodes } = this;
    const waiting = new Heap(true);
    const found = new Heap(false);
    const take = (id: number) => {
      if (visited[id] === round) return;
      visited[id] = round;
      const similarity = this.similarity(vector, id);
      if (found.size >= width && similarity <= found.keys[0]) return;
      waiting.push(id, similarity);
      found.push(id, similarity);
      if (found.size > width) found.pop();
    };
    for (const id of entries) take(id);
    while (waiting.size > 0) {
      const { id, similarity } = waiting.pop();
      if (found.size >= width && similarity < found.keys[0]) break;
      for (const other of nodes[id][layer]) take(other);
    }
    const result: Neighbour[] = [];
    while (found.size > 0) result.push(found.pop());
    return result.reverse();
  }

  /** Of candidates, best first: those nearer to the new one than to any chosen before; then the best of the rest. */
  private choose(candidates: readonly Neighbour[], count: number): number[] {
    const chosen: number[] = [];
    const rest: number[] = [];
    for (const { id, similarity } of candidates) {
      if (chosen.length >= count) break;
      const own = this.vectorOf(id);
      if (chosen.every((other) => this.similarity(own, other) < similarity)) chosen.push(id);
      else rest.push(id);
    }
    return [...chosen, ...rest.slice(0, count - chosen.length)];
  }

  private link(from: number, to: number, layer: number): void {
    const list = this.nodes[from][layer];
    list.push(to);
    const most = layer === 0 ? 2 * this.links : this.links;
    if (list.length <= most) return;
    const own = this.vectorOf(from);
    const candidates = list
      .map((id) => ({ id, similarity: this.similarity(own, id) }))
      .sort((a, b) => b.similarity - a.similarity || a.id - b.id);
    this.nodes[from][layer] = this.choose(candidates, most);
  }
}
