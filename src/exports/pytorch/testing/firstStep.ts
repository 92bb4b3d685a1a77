/** The first step of a model in float64: its batch, loss, terms and every gradient, as files that Python compares with its own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Recipe } from '../../../core/recipe.ts';
import { trainBatch } from '../../../data/batches.ts';
import type { PreparedData } from '../../../data/prepared.ts';
import { interpret } from '../../../engine/graph/interpret.ts';
import type { ModelBundle } from '../../../interchange/bundle.ts';
import { type WritableValues, writeSafetensors } from '../../../interchange/safetensors.ts';
import { trainingGraph } from '../../../models/build.ts';
import { drawObjectives } from '../../../training/draws.ts';
import { graphInputs } from '../../../training/feed.ts';
import { modelShape } from '../../../training/shape.ts';
import type { ExportFile } from '../../definition.ts';

/** Writes an export's files under a folder. */
export async function put(folder: string, files: readonly ExportFile[]): Promise<void> {
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** Writes `batch.safetensors` and `expected.safetensors` (`loss`, `loss.<term>`, `gradient.<parameter>`). */
export async function putFirstStep(
  folder: string,
  { weights }: ModelBundle,
  recipe: Recipe,
  data: PreparedData,
): Promise<void> {
  const shape = modelShape(recipe, data);
  const { graph, loss, scalars, gradients } = trainingGraph(recipe, shape);
  const batch = trainBatch(data, recipe, 0);
  const given: Record<string, ArrayLike<number>> = {
    ...graphInputs(batch),
    ...drawObjectives(recipe, shape, batch, 0),
  };
  const values = (name: string) => weights.get(name)?.values ?? given[name];
  const terms = [...scalars].filter(([name]) => name.startsWith('loss.'));
  const learned = [...gradients].filter(([name]) => graph.parameters.get(name)?.follow === undefined);
  const results = interpret(
    graph,
    [loss, ...terms.map(([, tensor]) => tensor), ...learned.map(([, tensor]) => tensor)],
    values,
  );
  const names = ['loss', ...terms.map(([name]) => name), ...learned.map(([name]) => `gradient.${name}`)];
  const shapes = [loss, ...terms.map(([, tensor]) => tensor), ...learned.map(([, tensor]) => tensor)];
  const expected = new Map(
    names.map((name, k) => [name, { shape: [...shapes[k].shape], values: Float64Array.from(results[k]) }]),
  );
  const inputs = new Map<string, { shape: number[]; values: WritableValues }>(
    [...graph.inputs].map(([name, tensor]) => {
      const list = given[name];
      const stored: WritableValues = tensor.dtype === 'i32' ? Int32Array.from(list) : Float64Array.from(list);
      return [name, { shape: Array.from(tensor.shape), values: stored }] satisfies [
        string,
        { shape: number[]; values: WritableValues },
      ];
    }),
  );
  await put(folder, [
    { path: 'batch.safetensors', bytes: writeSafetensors(inputs) },
    { path: 'expected.safetensors', bytes: writeSafetensors(expected) },
  ]);
}
