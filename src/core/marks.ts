/** Where the stages of a run began, planned ones and changes by hand, with what they changed in words: the marks of its curves. */
import type { Language } from './errors.ts';
import type { Recipe } from './recipe.ts';
import { recipeAt, stagesOf } from './stages.ts';
import { changeWords, type Titles } from './words.ts';

export interface ChangeMark {
  /** From 1, in the order of the steps. */
  number: number;
  /** Steps done when it came, or comes, into force. */
  step: number;
  /** Names of its stages. */
  name: string;
  words: string[];
  byHand: boolean;
}

/** @param recipe with its stages. Stages that begin together share a mark. */
export function marksOf(recipe: Recipe, titles: Titles, language: Language): ChangeMark[] {
  const stages = stagesOf(recipe);
  return [...new Set(stages.map(({ from }) => from))].map((step, index) => {
    const own = stages.filter(({ from }) => from === step);
    const earlier = stages.filter(({ from }) => from < step);
    const before = recipeAt({ ...recipe, training: { ...recipe.training, stages: earlier } }, step);
    const scheduled = own.findLast(({ schedule }) => schedule);
    return {
      number: index + 1,
      step,
      name: own.flatMap(({ name }) => name ?? []).join(' · '),
      words: changeWords(before, recipeAt(recipe, step), titles, language, scheduled),
      byHand: own.every(({ byHand }) => byHand),
    };
  });
}

/** What was changed on one line: its name first, where it has one. */
export function markText({ name, words }: Pick<ChangeMark, 'name' | 'words'>, language: Language): string {
  const said = words.join(language === 'zh' ? '；' : '; ');
  if (!name) return said;
  const title = `“${name}”`;
  return said ? `${title}${language === 'zh' ? '：' : ': '}${said}` : title;
}
