/** Changes of a recipe in words, in both languages: the field's own label where it is known, else its path. Stages, terms and encoders that come or go are told one by one. */
import { nameOf, type RecipeChange } from './changes.ts';
import type { Language } from './errors.ts';
import type { Text } from './fields.ts';
import { isObject } from './paths.ts';

/** What the parts of a recipe are called. */
export interface RecipeWords {
  /** The label of a field, by its whole path. */
  label(path: readonly string[]): Text | undefined;
  /** The title of a type (`late`) at its part's path (`fusion`). */
  title(path: readonly string[], type: string): Text | undefined;
}

/** What a part is called: singular, as the head of a sentence. */
const parts: Record<string, Text> = {
  encoders: { en: 'Encoder', zh: '编码器' },
  fusion: { en: 'Fusion', zh: '融合方法' },
  objectives: { en: 'Objective', zh: '目标' },
  optimizer: { en: 'Optimizer', zh: '优化器' },
  schedule: { en: 'Schedule', zh: '学习率计划' },
  stages: { en: 'Stage', zh: '阶段' },
  groups: { en: 'Parameter group', zh: '参数组' },
  adapters: { en: 'Adapter', zh: '适配器' },
  balance: { en: 'Balance', zh: '均衡' },
  replay: { en: 'Replay of old samples', zh: '旧样本回放' },
  alsoValidate: { en: 'Validation on old data', zh: '旧数据验证' },
  drop: { en: 'Modality dropout', zh: '模态丢弃' },
  sampling: { en: 'Sampling', zh: '抽样' },
  ratios: { en: 'Ratios', zh: '抽样比例' },
  curriculum: { en: 'Curriculum', zh: '课程学习' },
};

const words = {
  added: { en: '{what} added', zh: '新增{what}' },
  removed: { en: '{what} removed', zh: '移除{what}' },
  order: { en: '{what}: another order', zh: '{what}：顺序改变' },
  changed: { en: '{what} changed', zh: '{what}已更改' },
  none: { en: 'none', zh: '无' },
  on: { en: 'on', zh: '开' },
  off: { en: 'off', zh: '关' },
  atStep: { en: 'at step {step}', zh: '（第 {step} 步）' },
  unset: { en: 'default', zh: '默认' },
} satisfies Record<string, Text>;

export function changeTexts(
  changes: readonly RecipeChange[],
  names: RecipeWords,
  language: Language,
): string[] {
  return changes.flatMap((change) => sentences(change, names, language));
}

function sentences(change: RecipeChange, names: RecipeWords, language: Language): string[] {
  const { path, from, to } = change;
  const say = (key: keyof typeof words, what = '') =>
    words[key][language].replace('{what}', what).replace('{step}', what);
  const last = path.at(-1)!;
  if ((Array.isArray(from) || Array.isArray(to)) && parts[last])
    return listSentences(change, names, language, say);
  const arrow = (what: string, a: string, b: string) =>
    language === 'zh' ? `${what}：${a} → ${b}` : `${what} ${a} → ${b}`;
  const part = partName(path, language);
  const typed = isObject(from) ? from : isObject(to) ? to : undefined;
  if (typed && part) {
    if (isObject(from) && isObject(to))
      return [arrow(part, titleOf(path, from, names, language), titleOf(path, to, names, language))];
    return [say(to === undefined ? 'removed' : 'added', part)];
  }
  const what = labelOf(path, names, language);
  if (isObject(from) || isObject(to) || Array.isArray(from) || Array.isArray(to)) {
    if (from === undefined) return [say('added', what)];
    return [say(to === undefined ? 'removed' : 'changed', what)];
  }
  const shown = (value: unknown): string => {
    if (value === undefined) return say('unset');
    if (typeof value === 'boolean') return say(value ? 'on' : 'off');
    if (typeof value === 'string') return names.title(path, value)?.[language] ?? value;
    return typeof value === 'number' ? String(Number(value.toPrecision(6))) : JSON.stringify(value);
  };
  return [arrow(what, shown(from), shown(to))];
}

/** `Encoder audio`, `Fusion`; undefined for what is no part. */
function partName(path: readonly string[], language: Language): string | undefined {
  const [last, before] = [path.at(-1)!, path.at(-2) ?? ''];
  if (before === 'encoders') return joined(parts['encoders'][language], last, language);
  return parts[last]?.[language];
}

const joined = (a: string, b: string, language: Language) =>
  language === 'zh' && /^[^\w]/.test(b) ? `${a}${b}` : `${a} ${b}`;

const titleOf = (
  path: readonly string[],
  part: Record<string, unknown>,
  names: RecipeWords,
  language: Language,
): string => {
  const type = String(part['type'] ?? '');
  return names.title(path, type)?.[language] ?? type;
};

/** The label with the part it belongs to where that is one of several: `Width (image)`. */
function labelOf(path: readonly string[], names: RecipeWords, language: Language): string {
  const label = names.label(path)?.[language] ?? path.slice(1).join('.');
  const owner =
    path[0] === 'encoders' ? path[1] : path[0] === 'fusion' ? parts['fusion'][language] : undefined;
  if (!owner || path.length < 2 || !names.label(path)) return label || path.join('.');
  return language === 'zh' ? `${label}（${owner}）` : `${label} (${owner.toLowerCase()})`;
}

/** Elements that came, went or changed, told apart by type, step or pattern. */
function listSentences(
  { path, from, to }: RecipeChange,
  names: RecipeWords,
  language: Language,
  say: (key: keyof typeof words, what?: string) => string,
): string[] {
  const key = path.at(-1)!;
  const part = parts[key][language];
  const before = (Array.isArray(from) ? from : []) as unknown[];
  const after = (Array.isArray(to) ? to : []) as unknown[];
  const call = (element: unknown): string => {
    const name = nameOf(element);
    if (key === 'stages') {
      const at = words.atStep[language].replace('{step}', String(name));
      return language === 'zh' ? `${part}${at}` : `${part} ${at}`;
    }
    const title = names.title(path, String(name))?.[language] ?? String(name ?? '');
    return joined(part, title, language);
  };
  const rest = after.map((one) => JSON.stringify(one));
  const gone = before.filter((one) => {
    const at = rest.indexOf(JSON.stringify(one));
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  const come = after.filter((one) => {
    const at = rest.indexOf(JSON.stringify(one));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
  if (gone.length + come.length === 0) return [say('order', part)];
  const told: string[] = [];
  for (const one of gone) {
    const again = come.findIndex((other) => nameOf(other) === nameOf(one));
    if (again >= 0) come.splice(again, 1);
    told.push(say(again >= 0 ? 'changed' : 'removed', call(one)));
  }
  return [...told, ...come.map((one) => say('added', call(one)))];
}
