/** A point in words: `Learning rate 0.001, Batch 32`. */
import type { Point } from '../../../../core/sweepPlan.ts';
import type { Translate } from '../../../i18n/index.ts';
import type { Setting } from '../../model/recipeSettings.ts';
import { valueText } from './axisOf.ts';
import { settingName } from './settingName.ts';

export const pointTextOf = (t: Translate, settings: readonly Setting[], point: Point): string =>
  Object.entries(point)
    .map(([path, value]) => {
      const field = settings.find((one) => one.path === path)?.field;
      return `${settingName(t, settings, path)} ${valueText(t, field, value)}`;
    })
    .join(t.locale === 'zh' ? '，' : ', ');
