/** Changes of training samples that few recipes make, loaded when one does, so that the others need not wait for them. */
import { type Augment, alters, altersSound, swapsSides } from '../core/augment.ts';
import { StudioError } from '../core/errors.ts';

type Augmentations = typeof import('./augmentations.all.ts');

let loaded: Augmentations | undefined;

const needed = (augment: Augment): boolean =>
  alters(augment) || altersSound(augment) || swapsSides(augment) || (augment.synonyms ?? 0) > 0;

/** Loads what a recipe's augmentation needs; before its batches are drawn. */
export async function loadAugmentations(augment: Augment): Promise<void> {
  if (needed(augment)) loaded ??= await import('./augmentations.all.ts');
}

/** What was loaded for this augmentation; undefined where it needs nothing. @throws StudioError `internal` where it was not loaded */
export function augmentationsOf(augment: Augment): Augmentations | undefined {
  return needed(augment) ? theAugmentations() : undefined;
}

export function theAugmentations(): Augmentations {
  if (!loaded) throw new StudioError('internal', { message: 'loadAugmentations was not awaited' });
  return loaded;
}
