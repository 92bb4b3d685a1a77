/** Embeddings of many samples, through each tower alone, a batch at a time. */
import type { Recipe } from '../core/recipe.ts';
import { evaluationBatch } from '../data/batches.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor, NumberArray, Runner, Weights } from '../engine/executor.ts';
import { type ModelShape, towerGraph } from '../models/build.ts';
import { graphInputs } from './feed.ts';

export interface Embedder {
  width: number;
  /** Unit vectors of a modality of these pairs, `pairs × width`; of other data where it is given, which the model must know (data/facts.ts). */
  pairs(modality: string, pairs: Int32Array, of?: PreparedData): Promise<Float32Array>;
  /** One sample that is not of the data, as the inputs of its modality (models/inputs.ts). */
  one(modality: string, inputs: Readonly<Record<string, NumberArray>>): Promise<Float32Array>;
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
  const made = new Map<string, Promise<Runner>>();
  const runner = (modality: string, size: number) => {
    const key = `${modality} ${size}`;
    let known = made.get(key);
    if (!known) {
      const { graph, outputs } = towerGraph(recipe, modality, { ...shape, batch: size, pictures: undefined });
      known = executor.runner(graph, outputs, weights);
      made.set(key, known);
    }
    return known;
  };
  const [first] = Object.keys(recipe.encoders);
  const width = towerGraph(recipe, first, { ...shape, batch: 1 }).outputs.get('embedding')!.shape[1];
  return {
    width,
    async pairs(modality, pairs, of = data) {
      if (!of) throw new Error('this embedder has no data set');
      const tower = await runner(modality, batch);
      const result = new Float32Array(pairs.length * width);
      for (let start = 0; start < pairs.length; start += batch) {
        const rows = pairs.slice(start, start + batch);
        const { embedding } = await tower.run(graphInputs(evaluationBatch(of, rows, batch)));
        result.set(embedding.subarray(0, rows.length * width), start * width);
      }
      return result;
    },
    one: async (modality, inputs) => (await (await runner(modality, 1)).run(inputs))['embedding'],
    destroy() {
      for (const one of made.values())
        one.then(
          (tower) => tower.destroy(),
          () => undefined,
        );
    },
  };
}
