/**
 * UMAP (McInnes, Healy & Melville 2018, arXiv 1802.03426) of unit vectors, by cosine distance with exact neighbours: the same numbers for the same seed. It starts
 * from a layout that is given – the principal components, or the map before – so that maps of a model that learns can be followed by eye.
 */
import { UMAP } from 'umap-js';
import { random } from '../core/random.ts';
import { procrustes } from './procrustes.ts';

export interface MapOptions {
  neighbours: number;
  /** Least distance on the map, 0 … 1: how tight clusters are. */
  least: number;
  seed: number;
  /** rows × 2, where the map starts; it is scaled. */
  start: ArrayLike<number>;
  /** rows × 2, NaN where unknown: the map before, on which this one is laid. */
  onto?: ArrayLike<number>;
}

/** Epochs between two ticks. */
const together = 10;

/** Half the side of the square that a map starts in, as in the authors' program. */
const side = 10;

/** Exact: rows × k of the nearest by cosine distance, each row's own first. */
export function nearest(vectors: ArrayLike<number>, rows: number, width: number, k: number) {
  const indices: number[][] = [];
  const distances: number[][] = [];
  const cosine = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < rows; j++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += vectors[row * width + i] * vectors[j * width + i];
      cosine[j] = j === row ? 2 : sum;
    }
    const order = Array.from({ length: rows }, (_, j) => j).sort((a, b) => cosine[b] - cosine[a] || a - b);
    indices.push(order.slice(0, k));
    distances.push(order.slice(0, k).map((j) => (j === row ? 0 : Math.max(0, 1 - cosine[j]))));
  }
  return { indices, distances };
}

/**
 * @param vectors rows × width, unit length
 * @param tick is told the share of epochs that are done now and then, and throws where the work is to end
 * @returns rows × 2; too few rows for a map come back as they start
 */
export async function neighbourMap(
  vectors: ArrayLike<number>,
  rows: number,
  width: number,
  { neighbours, least, seed, start, onto }: MapOptions,
  tick: (share: number) => Promise<void> = async () => undefined,
): Promise<Float64Array> {
  const k = Math.min(neighbours, rows - 1);
  if (k < 2) return Float64Array.from(start);
  const stream = random(seed, 'map');
  const umap = new UMAP({ nComponents: 2, nNeighbors: k, minDist: least, random: stream.uniform });
  const { indices, distances } = nearest(vectors, rows, width, k);
  umap.setPrecomputedKNN(indices, distances);
  const epochs = umap.initializeFit(
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: width }, (_, i) => vectors[row * width + i]),
    ),
  );
  let most = 0;
  for (let i = 0; i < rows * 2; i++) most = Math.max(most, Math.abs(start[i]));
  // The library starts at random places; these arrays are the ones that it moves.
  for (const [row, place] of umap.getEmbedding().entries())
    for (let axis = 0; axis < 2; axis++)
      place[axis] = (most > 0 ? (start[row * 2 + axis] / most) * side : 0) + 1e-3 * stream.normal();
  for (let epoch = 0; epoch < epochs; epoch++) {
    if (epoch % together === 0) await tick(epoch / epochs);
    umap.step();
  }
  const points = Float64Array.from(umap.getEmbedding().flat());
  return onto ? procrustes(points, onto) : points;
}
