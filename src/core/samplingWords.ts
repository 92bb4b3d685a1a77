/** What a step draws, in words, in both languages: “Ratios as the data is → by class, equal”. */
import type { Sampling } from './controls.ts';
import type { Language } from './errors.ts';
import type { Text } from './fields.ts';

const texts = {
  ratios: { en: 'Ratios', zh: '抽样比例' },
  natural: { en: 'as the data is', zh: '按数据原样' },
  modalities: { en: 'by modalities', zh: '按模态' },
  class: { en: 'by class', zh: '按类别' },
  source: { en: 'by source', zh: '按来源' },
  equal: { en: 'equal', zh: '均等' },
  curriculum: { en: 'Curriculum', zh: '课程学习' },
  easy: { en: 'easy first', zh: '由易到难' },
  hard: { en: 'hard first', zh: '由难到易' },
  pace: {
    en: '{order}, from {start} to all in {steps} steps',
    zh: '{order}，{steps} 步内由 {start} 增至全部',
  },
  refresh: { en: 'Curriculum, measured every', zh: '课程学习：测量间隔' },
  memory: { en: 'Curriculum, memory', zh: '课程学习：记忆' },
  from: { en: 'Curriculum, begins at step', zh: '课程学习：起始步' },
  alike: { en: 'Batches of equal modalities', zh: '同模态批次' },
  off: { en: 'off', zh: '关' },
  on: { en: 'on', zh: '开' },
} satisfies Record<string, Text>;

const numberText = (value: number) => String(Number(value.toPrecision(6)));

/** Groups that are named, shares as 1 : 3; a long list is cut. */
function sharesText(shares: Record<string, number>, language: Language): string {
  const named = Object.entries(shares);
  if (named.every(([, share]) => share === 1)) return texts.equal[language];
  const told = named.slice(0, 6).map(([name, share]) => `${name} ${numberText(share)}`);
  return [...told, ...(named.length > 6 ? ['…'] : [])].join(' : ');
}

/** What ratios say: `by class, cat 1 : dog 3`. */
export function ratiosText(ratios: Sampling['ratios'], language: Language): string {
  if (!ratios) return texts.natural[language];
  const [by, shares] = [texts[ratios.by][language], sharesText(ratios.shares, language)];
  return language === 'zh' ? `${by}，${shares}` : `${by}, ${shares}`;
}

/** What a curriculum says: `easy first, from 30 % to all in 400 steps`. */
export function curriculumText(curriculum: Sampling['curriculum'], language: Language): string {
  if (!curriculum) return texts.off[language];
  const { order = 'easy', start, steps } = curriculum;
  const share = `${numberText(100 * start)}${language === 'zh' ? '%' : ' %'}`;
  return texts.pace[language]
    .replace('{order}', texts[order][language])
    .replace('{start}', share)
    .replace('{steps}', String(steps));
}

export function samplingWords(
  from: Sampling,
  to: Sampling,
  arrow: (what: string, a: string, b: string) => unknown,
  language: Language,
): void {
  const say = (key: keyof typeof texts) => texts[key][language];
  arrow(say('ratios'), ratiosText(from.ratios, language), ratiosText(to.ratios, language));
  const [a, b] = [from.curriculum, to.curriculum];
  arrow(say('curriculum'), curriculumText(a, language), curriculumText(b, language));
  if (a && b) {
    arrow(say('refresh'), numberText(a.refresh), numberText(b.refresh));
    arrow(say('memory'), numberText(a.memory), numberText(b.memory));
    arrow(say('from'), numberText(a.from ?? 0), numberText(b.from ?? 0));
  }
  arrow(say('alike'), say(from.alike ? 'on' : 'off'), say(to.alike ? 'on' : 'off'));
}
