/** Embeddings of many pictures and captions, through each tower alone, a batch at a time. */
import type { Recipe } from '../core/recipe.ts';
import { evaluationBatch } from '../data/batches.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor, NumberArray, Runner, Weights } from '../engine/executor.ts';
import { type ModelShape, towerGraph } from '../models/build.ts';

export interface Embedder {
  width: number;
  /** Unit vectors of the pictures of these pairs, `pairs × width`. */
  images(pairs: Int32Array): Promise<Float32Array>;
  texts(pairs: Int32Array): Promise<Float32Array>;
  /** One picture as normalized numbers, or one caption as ids with its mask. */
  image(pixels: Float32Array): Promise<Float32Array>;
  text(tokens: Int32Array, keep: Float32Array): Promise<Float32Array>;
  destroy(): void;
}

export async function createEmbedder(
  executor: Executor,
  recipe: Recipe,
  shape: ModelShape,
  weights: Weights,
  data?: PreparedData,
): Promise<Embedder> {
  const batch = Math.min(shape.batch, 64);
  const make = async (modality: string, size: number) => {
    const { graph, outputs } = towerGraph(recipe, modality, { ...shape, batch: size });
    return {
      runner: await executor.runner(graph, outputs, weights),
      width: outputs.get('embedding')!.shape[1],
    };
  };
  const image = await make('image', batch);
  const text = await make('text', batch);
  const { width } = image;
  const singles = new Map<string, Promise<Runner>>();
  const single = (modality: string) => {
    let known = singles.get(modality);
    if (!known) {
      known = make(modality, 1).then(({ runner }) => runner);
      singles.set(modality, known);
    }
    return known;
  };

  async function all(
    pairs: Int32Array,
    runner: Runner,
    inputs: (rows: Int32Array) => Record<string, NumberArray>,
  ): Promise<Float32Array> {
    const result = new Float32Array(pairs.length * width);
    for (let start = 0; start < pairs.length; start += batch) {
      const rows = pairs.slice(start, start + batch);
      const { embedding } = await runner.run(inputs(rows));
      result.set(embedding.subarray(0, rows.length * width), start * width);
    }
    return result;
  }
  const prepared = () => {
    if (!data) throw new Error('this embedder has no data set');
    return data;
  };
  return {
    width,
    images: (pairs) =>
      all(pairs, image.runner, (rows) => ({ images: evaluationBatch(prepared(), rows, batch).images })),
    texts: (pairs) =>
      all(pairs, text.runner, (rows) => {
        const { tokens, keep } = evaluationBatch(prepared(), rows, batch);
        return { tokens, keep };
      }),
    image: async (images) => (await (await single('image')).run({ images }))['embedding'],
    text: async (tokens, keep) => (await (await single('text')).run({ tokens, keep }))['embedding'],
    destroy() {
      image.runner.destroy();
      text.runner.destroy();
      for (const runner of singles.values()) void runner.then((made) => made.destroy());
    },
  };
}
