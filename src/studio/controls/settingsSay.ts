/** What each kind of setting says now, in a word. */
import type { Sampling } from '../../core/controls.ts';
import { curriculumText, ratiosText } from '../../core/samplingWords.ts';
import type { Translate } from '../i18n/index.ts';
import { modalityName } from '../panels/modalityName.ts';
import type { Controlled } from './controlled.ts';

export function settingsSay(t: Translate, { recipe, catalog }: Pick<Controlled, 'recipe' | 'catalog'>) {
  const {
    optimizer,
    schedule,
    groups = [],
    layerDecay = 1,
    drop = {},
    balance,
    average = 0,
    sampling = {},
  } = recipe.training;
  const titleOf = (list: Controlled['catalog']['schedules'], type: string) => {
    const entry = list.find((one) => one.type === type);
    return entry ? t.pick(entry.title) : type;
  };
  const dropped = Object.entries(drop).filter(([, share]) => share > 0);
  const weights = recipe.objectives.map((part) => Number(part['weight'] ?? 1));
  return {
    rate: String(Number(Number(optimizer['rate']).toPrecision(3))),
    schedule: titleOf(catalog.schedules, schedule.type),
    parts:
      groups.length > 0 || layerDecay !== 1
        ? t('control.parts.groups', { count: groups.length + (layerDecay === 1 ? 0 : 1) })
        : t('control.parts.alike'),
    drop: dropped.length
      ? dropped.map(([modality, share]) => `${modalityName(t, modality)} ${t.percent(share)}`).join(', ')
      : t('control.off'),
    balance: balance && balance.type !== 'none' ? titleOf(catalog.balances, balance.type) : t('control.off'),
    sampling: samplingSays(t, sampling),
    average: average > 0 ? String(average) : t('control.off'),
    weights: weights.map((weight) => String(weight)).join(' : '),
  };
}

function samplingSays(t: Translate, { ratios, curriculum, alike }: Sampling): string {
  const told = [
    ratios && ratiosText(ratios, t.locale),
    curriculum && curriculumText(curriculum, t.locale),
    alike && t('sampling.alike'),
  ].filter(Boolean);
  return told.length ? told.join(t.locale === 'zh' ? '；' : '; ') : t('sampling.turn');
}
