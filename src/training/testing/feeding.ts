/** A trainer on the tiny recipe whose pictures, as the graph sees them, can be read after a step. */
import { type Augment, alters, reachOf } from '../../core/augment.ts';
import type { Executor } from '../../engine/executor.ts';
import { initialize } from '../../models/initialize.ts';
import { Feed, type PicturePlan } from '../feed.ts';
import { ready } from '../ready.ts';
import { setUp } from '../setup.ts';
import { modelShape } from '../shape.ts';
import { tinyData, tinyRecipe } from './tinySession.ts';

/** @param augment what the recipe has besides the tiny one's */
export async function feeding(executor: Executor, plan: PicturePlan, augment: Partial<Augment> = {}) {
  const tiny = tinyRecipe();
  const recipe = { ...tiny, data: { ...tiny.data, augment: { ...tiny.data.augment, ...augment } } };
  const data = await tinyData(recipe);
  await ready(recipe);
  const alter = alters(recipe.data.augment) ? { reach: reachOf(recipe.data.augment.blur ?? 0) } : undefined;
  const setup = setUp(recipe, { ...modelShape(recipe, data), pictures: plan, alter });
  const read = setup.model.graph.nodes.findLast(({ op }) => op === 'readPictures' || op === 'alterPictures')!;
  const weights = await executor.weights(setup.layout, setup.rule.moments);
  weights.write('parameters', initialize(setup.layout, recipe.seed));
  const trainer = await executor.trainer(
    { ...setup.specification, outputs: new Map([['images', read.outputs[0]]]) },
    weights,
  );
  return { recipe, data, trainer, feed: await Feed.create(trainer, data, recipe, plan) };
}
