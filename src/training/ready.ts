/** What only some recipes need is loaded with the first of them: before a session or a phase of theirs is made. */
import { alters } from '../core/augment.ts';
import type { Recipe } from '../core/recipe.ts';
import { loadAugmentations } from '../data/augmentations.ts';

export async function ready({ data: { augment } }: Recipe): Promise<void> {
  await Promise.all([
    loadAugmentations(augment),
    alters(augment) ? import('../engine/ops/alterPictures.ts') : undefined,
  ]);
}
