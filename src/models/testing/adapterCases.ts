/** The cases of torch/adapters.py as graphs of ours. */
import type { Adapter } from '../../core/controls.ts';
import type { Recipe } from '../../core/recipe.ts';
import { trainingGraph } from '../build.ts';
import type { ModelShape } from '../shape.ts';
import { draw, type ParityCase, type ParityModel } from './parity.ts';
import { smallRecipe, smallShape } from './recipes.ts';
import fixtures from './torch/adapters.json' with { type: 'json' };

interface AdapterCase extends ParityCase {
  recipe: Pick<Recipe, 'encoders' | 'fusion' | 'objectives'>;
  adapters: Adapter[];
  inputs: Record<string, number[]>;
  target?: ModelShape['target'];
}

// Through text: as a literal each case would have the names of all.
export const adapterCases: AdapterCase[] = JSON.parse(JSON.stringify(fixtures));

export function adapterModel({ recipe, adapters, inputs, target }: AdapterCase) {
  const { encoders, fusion, objectives } = recipe;
  const made = trainingGraph(smallRecipe(objectives, { encoders, fusion, training: { adapters } }), {
    ...smallShape,
    target,
  });
  const model = { graph: made.graph, loss: made.loss, outputs: { loss: made.loss } } satisfies ParityModel;
  return { ...made, ...model, inputs: { images: draw('images', 4 * 8 * 8 * 3, 1), ...inputs } };
}
