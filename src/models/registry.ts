/** Every encoder, fusion method and objective; one line each. */
import { StudioError } from '../core/errors.ts';
import { audioTransformer } from './encoders/audioTransformer.ts';
import { cnn } from './encoders/cnn.ts';
import { table } from './encoders/table.ts';
import { textTransformer } from './encoders/textTransformer.ts';
import { vit } from './encoders/vit.ts';
import { late } from './fusion/late.ts';
import { twoTower } from './fusion/twoTower.ts';
import { infoNceObjective } from './objectives/infoNce.ts';

export const encoders = [vit, cnn, textTransformer, audioTransformer, table];
export const fusions = [twoTower, late];
export const objectives = [infoNceObjective];

/** @throws StudioError `recipe-invalid` naming the types there are */
export function find<T extends { type: string }>(list: readonly T[], type: string, path: string): T {
  const found = list.find((definition) => definition.type === type);
  if (!found)
    throw new StudioError('recipe-invalid', {
      path: `${path}.type`,
      message: `“${type}” is not one of ${list.map((definition) => definition.type).join(', ')}`,
    });
  return found;
}
