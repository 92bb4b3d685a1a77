/** A change of training in words, in both languages: “Learning rate 0.001 → 0.0005”, “image frozen”. A phrase for each setting that differs. */
import type { Change, ParameterSetting } from './controls.ts';
import type { Language } from './errors.ts';
import type { Field, Text } from './fields.ts';
import type { Recipe } from './recipe.ts';
import { samplingWords } from './samplingWords.ts';

interface Entry {
  type: string;
  title: Text;
  fields: readonly Field[];
}

/** What schedules, methods and objectives are called. */
export interface Titles {
  schedules: readonly Entry[];
  balances: readonly Entry[];
  objectives: readonly Entry[];
}

type Typed = { type: string; [key: string]: unknown };

const parts: Record<string, Text> = {
  image: { en: 'image', zh: '图像' },
  text: { en: 'text', zh: '文本' },
  audio: { en: 'audio', zh: '音频' },
  video: { en: 'video', zh: '视频' },
  table: { en: 'table', zh: '表格' },
  fusion: { en: 'fusion', zh: '融合' },
  heads: { en: 'heads', zh: '输出头' },
  other: { en: 'shared', zh: '共享参数' },
};

/** What a group is called inside a sentence: a part by its name, everything else by its pattern. */
export const partName = (match: string, language: Language): string => parts[match]?.[language] ?? match;

const texts = {
  rate: { en: 'Learning rate', zh: '学习率' },
  weightDecay: { en: 'Weight decay', zh: '权重衰减' },
  clip: { en: 'Gradient clip', zh: '梯度裁剪' },
  schedule: { en: 'Schedule', zh: '学习率调度' },
  anew: { en: 'Schedule begins anew', zh: '学习率调度重新开始' },
  frozen: { en: '{part} frozen', zh: '冻结{part}' },
  thawed: { en: '{part} trained again', zh: '恢复训练{part}' },
  factor: { en: '{part}: rate', zh: '{part}学习率倍数' },
  decay: { en: '{part}: weight decay', zh: '{part}权重衰减' },
  layerDecay: { en: 'Layer decay', zh: '逐层衰减' },
  average: { en: 'Running average', zh: '权重滑动平均' },
  drop: { en: 'Dropout of {part}', zh: '丢弃{part}' },
  balance: { en: 'Balance', zh: '平衡方法' },
  weight: { en: 'weight', zh: '权重' },
  added: { en: '{part} added', zh: '新增{part}' },
  removed: { en: '{part} removed', zh: '移除{part}' },
  off: { en: 'off', zh: '关' },
  on: { en: 'on', zh: '开' },
  default: { en: 'default', zh: '默认' },
} satisfies Record<string, Text>;

/** As short as it is exact: 0.0005, 1e-7. */
const numberText = (value: number) => String(Number(value.toPrecision(6)));

/**
 * @param before as it held, without stages
 * @param after as it holds
 * @param change what was asked for, where a schedule that is begun anew says nothing else
 */
export function changeWords(
  before: Recipe,
  after: Recipe,
  titles: Titles,
  language: Language,
  change?: Change,
): string[] {
  const say = (key: keyof typeof texts, part = '') => texts[key][language].replace('{part}', part);
  const told: string[] = [];
  const arrow = (what: string, a: string, b: string) => a !== b && told.push(`${what} ${a} → ${b}`);
  const amount = (value: unknown, off?: number): string =>
    value === undefined
      ? say('default')
      : value === off
        ? say('off')
        : typeof value === 'number'
          ? numberText(value)
          : typeof value === 'boolean'
            ? say(value ? 'on' : 'off')
            : String(value);
  const typed = (list: readonly Entry[], what: string, a: Typed, b: Typed): void => {
    const titleOf = (part: Typed) =>
      list.find(({ type }) => type === part.type)?.title[language] ?? part.type;
    if (a.type !== b.type) {
      arrow(what, titleOf(a), titleOf(b));
      return;
    }
    const fields = list.find(({ type }) => type === a.type)?.fields ?? [];
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const field = fields.find((one) => one.key === key);
      const label = field?.label[language] ?? key;
      const fallback = field && field.kind !== 'run' ? field.default : undefined;
      const name = language === 'zh' ? `${what}：${label}` : `${what}, ${label.toLowerCase()}`;
      arrow(name, amount(a[key] ?? fallback), amount(b[key] ?? fallback));
    }
  };
  const [from, to] = [before.training, after.training];
  arrow(say('rate'), amount(from.optimizer['rate']), amount(to.optimizer['rate']));
  arrow(say('weightDecay'), amount(from.optimizer['weightDecay']), amount(to.optimizer['weightDecay']));
  arrow(say('clip'), amount(from.clip, 0), amount(to.clip, 0));
  const silent = told.length;
  typed(titles.schedules, say('schedule'), from.schedule, to.schedule);
  if (told.length === silent && change?.schedule) told.push(say('anew'));
  told.push(...groupWords(from.groups ?? [], to.groups ?? [], say, language));
  arrow(say('layerDecay'), amount(from.layerDecay ?? 1, 1), amount(to.layerDecay ?? 1, 1));
  const share = (value = 0) =>
    value === 0 ? say('off') : `${numberText(100 * value)}${language === 'zh' ? '%' : ' %'}`;
  for (const modality of Object.keys(after.encoders))
    arrow(
      say('drop', partName(modality, language)),
      share(from.drop?.[modality]),
      share(to.drop?.[modality]),
    );
  typed(titles.balances, say('balance'), from.balance ?? { type: 'none' }, to.balance ?? { type: 'none' });
  samplingWords(from.sampling ?? {}, to.sampling ?? {}, arrow, language);
  arrow(say('average'), amount(from.average ?? 0, 0), amount(to.average ?? 0, 0));
  told.push(...objectiveWords(before, after, titles, say, arrow, language));
  return told;
}

type Say = (key: keyof typeof texts, part?: string) => string;

/** What each group says now that it did not, part by part. */
function groupWords(
  from: readonly ParameterSetting[],
  to: readonly ParameterSetting[],
  say: Say,
  language: Language,
): string[] {
  const merged = (list: readonly ParameterSetting[], match: string) =>
    Object.assign({}, ...list.filter((group) => group.match === match)) as Partial<ParameterSetting>;
  return [...new Set([...from, ...to].map(({ match }) => match))].flatMap((match) => {
    const [a, b] = [merged(from, match), merged(to, match)];
    const part = partName(match, language);
    const told: string[] = [];
    if ((a.freeze ?? false) !== (b.freeze ?? false)) told.push(say(b.freeze ? 'frozen' : 'thawed', part));
    const times = (rate = 1) => `× ${numberText(rate)}`;
    if ((a.rate ?? 1) !== (b.rate ?? 1))
      told.push(`${say('factor', part)} ${times(a.rate)} → ${times(b.rate)}`);
    const decay = (value?: number) => (value === undefined ? say('default') : numberText(value));
    if (a.weightDecay !== b.weightDecay)
      told.push(`${say('decay', part)} ${decay(a.weightDecay)} → ${decay(b.weightDecay)}`);
    return told;
  });
}

/** Objectives that come and go; others by their fields, weights above all. */
function objectiveWords(
  { objectives: from }: Recipe,
  { objectives: to }: Recipe,
  titles: Titles,
  say: Say,
  arrow: (what: string, a: string, b: string) => unknown,
  language: Language,
): string[] {
  const entryOf = (type: string) => titles.objectives.find((entry) => entry.type === type);
  const titleOf = (type: string) => entryOf(type)?.title[language] ?? type;
  const left = [...from];
  const told: string[] = [];
  for (const part of to) {
    const place = left.findIndex(({ type }) => type === part.type);
    if (place < 0) {
      told.push(say('added', titleOf(part.type)));
      continue;
    }
    const [old] = left.splice(place, 1);
    for (const key of new Set([...Object.keys(old), ...Object.keys(part)])) {
      const field = entryOf(part.type)?.fields.find((one) => one.key === key);
      const fallback = field && field.kind !== 'run' ? field.default : undefined;
      const [a, b] = [old[key] ?? fallback, part[key] ?? fallback];
      if (JSON.stringify(a) === JSON.stringify(b)) continue;
      const label = key === 'weight' ? say('weight') : (field?.label[language] ?? key).toLowerCase();
      const shown = (value: unknown) =>
        typeof value === 'number' ? numberText(value) : typeof value === 'object' ? '…' : String(value);
      const name = language === 'zh' ? `${titleOf(part.type)}：${label}` : `${titleOf(part.type)}, ${label}`;
      arrow(name, shown(a), shown(b));
    }
  }
  return [...told, ...left.map(({ type }) => say('removed', titleOf(type)))];
}
