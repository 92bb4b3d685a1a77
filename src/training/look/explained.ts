/** What of a model's answers can be explained, and the answer of one sample that is. */
import { StudioError } from '../../core/errors.ts';
import type { Explained } from '../../models/attribution.ts';
import { Model as Built } from '../../models/build.ts';
import type { Model } from '../model.ts';
import { modelShape } from '../shape.ts';
import { comparedModalities, hasModality } from '../validate.ts';

/** By name: `similarity`, or a term of the recipe. What predicts comes first. */
export function explainable({ recipe, data }: Model): Map<string, Explained> {
  const shape = { ...modelShape(recipe, data), batch: 2, pictures: undefined };
  const found = new Map<string, Explained>();
  const losses = new Map<string, Explained>();
  const target = shape.target?.kind;
  for (const { name, built } of new Built(recipe, shape, false).objectives()) {
    const { logits, value } = built.outputs ?? {};
    if (logits && (target === 'class' || target === 'labels')) found.set(name, { kind: 'class', term: name });
    else if (value) found.set(name, { kind: 'number', term: name });
    else if (built.measures?.['loss']) losses.set(name, { kind: 'loss', term: name });
  }
  const between = comparedModalities(recipe);
  if (between) found.set('similarity', { kind: 'similarity', between });
  return new Map([...found, ...losses]);
}

/** @throws StudioError `bad-argument` where the model says nothing of that name, or nothing at all of this sample */
export function chooseExplained(
  model: Model,
  pair: number,
  name?: string,
): { name: string; explained: Explained; choices: string[] } {
  const all = explainable(model);
  const fits = [...all].filter(
    ([, one]) =>
      one.kind !== 'similarity' || one.between.every((modality) => hasModality(model.data, modality, pair)),
  );
  const choices = fits.map(([one]) => one);
  const found = fits.find(([one]) => one === name) ?? (name === undefined ? fits[0] : undefined);
  if (!found)
    throw new StudioError('bad-argument', {
      argument: 'what',
      message: name ? `the model says no “${name}” of this sample` : 'the model says nothing of this sample',
    });
  return { name: found[0], explained: found[1], choices };
}
