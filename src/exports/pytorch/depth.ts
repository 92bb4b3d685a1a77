/** Which models have a depth to divide among processes (python/pipeline.py). */
import type { Recipe } from '../../core/recipe.ts';

/** Whether blocks of all encoders can be divided among stages: Transformers, and objectives that encode the data as it is. */
export function hasDepth({ encoders, objectives }: Recipe): boolean {
  const deep = ['vit', 'transformer', 'audio'];
  const plain = ['infonce', 'sigmoid', 'classification', 'vqa', 'labels', 'regression', 'unimodal'];
  return (
    Object.values(encoders).every(({ type }) => deep.includes(type)) &&
    objectives.every(({ type }) => plain.includes(type))
  );
}
