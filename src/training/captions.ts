/** Whether a written caption equals one of the data's, and for the built-in shapes, whether every attribute is right. */
import { attributesOf } from '../data/synthetic/attributes.ts';
import { normalize } from '../data/text/byteLevel.ts';
import type { Model } from './model.ts';

export const writes = (model: Model): boolean =>
  model.recipe.objectives.some(({ type }) => type === 'captioning');

/** `attributes`: every thing has the right number, size, colour and shape; absent where the references are not of built-in shapes. */
export function scoreCaption(
  text: string,
  references: readonly string[],
): { exact: boolean; attributes?: boolean } {
  const wanted = references.map(attributesOf).find((list) => list !== undefined);
  return {
    exact: references.some((reference) => normalize(reference) === normalize(text)),
    ...(wanted && { attributes: attributesOf(text)?.join() === wanted.join() }),
  };
}
