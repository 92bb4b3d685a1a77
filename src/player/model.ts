/** A model's own zip, ready to be asked without the data that it was trained on. */
import type { Recipe } from '../core/recipe.ts';
import type { PreparedData } from '../data/prepared.ts';
import { loadTokenizer } from '../data/text/tokenizer.ts';
import type { Executor } from '../engine/executor.ts';
import type { ModelBundle } from '../interchange/bundle.ts';
import { bundleFacts } from '../training/bundle.ts';
import { flatten } from '../training/checkpoint.ts';
import { Model } from '../training/model.ts';
import { layoutOf } from '../training/parameters.ts';

/** No samples, but everything that a sample from outside is read by. */
function dataOf(bundle: ModelBundle, recipe: Recipe): PreparedData {
  const { picture, size, sound, table, target } = bundleFacts(bundle);
  const { fit, background, mean, deviation } = bundle.preprocessing;
  const none = new Int32Array();
  const three = (list: readonly number[] | undefined, other: [number, number, number]) =>
    list?.length === 3 ? ([list[0], list[1], list[2]] satisfies [number, number, number]) : other;
  return {
    dataset: '',
    fingerprint: bundle.fingerprint,
    size,
    pixels: new Uint8Array(),
    files: [],
    captions: [],
    splits: [],
    tokenizer: loadTokenizer(bundle.tokenizerJson),
    textLength: recipe.data.textLength,
    pairs: { count: 0, sample: none, caption: none, textGroup: none, tokens: none, lengths: none, cut: 0 },
    splitPairs: { train: none, validation: none, test: none },
    fit,
    background,
    mean: three(picture?.mean, mean),
    deviation: three(picture?.deviation, deviation),
    ...(sound && {
      sound: {
        frames: sound.frames,
        bins: sound.bins,
        values: new Float32Array(),
        lengths: none,
        mean: Float32Array.from(sound.mean),
        deviation: Float32Array.from(sound.deviation),
      },
    }),
    ...(table && {
      table: {
        columns: table.columns,
        steps: table.steps,
        values: new Float32Array(),
        keep: new Uint8Array(),
        mean: Float32Array.from(table.mean),
        deviation: Float32Array.from(table.deviation),
      },
    }),
    ...(target && { target: { ...target, values: new Float32Array() } }),
  };
}

/** @throws StudioError `checkpoint-invalid` where the weights are not those of the recipe */
export async function openBundle(bundle: ModelBundle, executor: Executor): Promise<Model> {
  // One sample is asked about at a time; two, because statistics of a batch want two rows.
  const recipe: Recipe = { ...bundle.recipe, training: { ...bundle.recipe.training, batch: 2 } };
  const layout = layoutOf(recipe, bundleFacts(bundle));
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', flatten(layout, bundle.weights));
  return new Model(executor, recipe, dataOf(bundle, recipe), weights);
}
