/** Every encoder, fusion method and objective; one line each. */
import { StudioError } from '../core/errors.ts';
import { audioTransformer } from './encoders/audioTransformer.ts';
import { cnn } from './encoders/cnn.ts';
import { bert, clipText } from './encoders/hubText.ts';
import { clipVision, hubVit } from './encoders/hubVision.ts';
import { table } from './encoders/table.ts';
import { textTransformer } from './encoders/textTransformer.ts';
import { vit } from './encoders/vit.ts';
import { coAttention } from './fusion/coAttention.ts';
import { dynamic } from './fusion/dynamic.ts';
import { early } from './fusion/early.ts';
import { flamingo } from './fusion/flamingo.ts';
import { hierarchical } from './fusion/hierarchical.ts';
import { late } from './fusion/late.ts';
import { lowRank } from './fusion/lowRank.ts';
import { midGated } from './fusion/midGated.ts';
import { moe } from './fusion/moe.ts';
import { perceiver } from './fusion/perceiver.ts';
import { qFormer } from './fusion/qFormer.ts';
import { twoTower } from './fusion/twoTower.ts';
import { captioning } from './objectives/captioning.ts';
import { classification } from './objectives/classification.ts';
import { distillation } from './objectives/distillation.ts';
import { infoNceObjective } from './objectives/infoNce.ts';
import { maskedImage } from './objectives/maskedImage.ts';
import { maskedLanguage } from './objectives/maskedLanguage.ts';
import { matching } from './objectives/matching.ts';
import { multiLabel } from './objectives/multiLabel.ts';
import { regression } from './objectives/regression.ts';
import { sigmoidObjective } from './objectives/sigmoid.ts';
import { unimodal } from './objectives/unimodal.ts';
import { vqa } from './objectives/vqa.ts';

export const encoders = [
  vit,
  cnn,
  clipVision,
  hubVit,
  textTransformer,
  clipText,
  bert,
  audioTransformer,
  table,
];
export const fusions = [
  twoTower,
  early,
  late,
  coAttention,
  flamingo,
  perceiver,
  qFormer,
  midGated,
  hierarchical,
  moe,
  dynamic,
  lowRank,
];
export const objectives = [
  infoNceObjective,
  sigmoidObjective,
  maskedLanguage,
  maskedImage,
  matching,
  captioning,
  classification,
  multiLabel,
  regression,
  unimodal,
  vqa,
  distillation,
];

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
