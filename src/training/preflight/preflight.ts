/** Runs checks before a run, one after another or one alone; each can be cancelled, and none touches a run that is kept. */
import { StudioError } from '../../core/errors.ts';
import type { Text } from '../../core/fields.ts';
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import { recipeAt } from '../../core/stages.ts';
import type { PreparedData } from '../../data/prepared.ts';
import type { Executor } from '../../engine/executor.ts';
import type { Sighting } from '../diagnosis/definition.ts';
import { findingOf } from '../diagnosis/finding.ts';
import { phrase } from '../diagnosis/phrase.ts';
import { type Check, type CheckResult, type Outcome, skip } from './definition.ts';
import { tooFew } from './enough.ts';
import { checks } from './index.ts';

/** A check as the page offers it. */
export interface CheckEntry {
  id: string;
  title: Text;
  about: Text;
  trains: boolean;
}

export interface PreflightProgress {
  /** The check that is at work. */
  id: string;
  /** 0 … 1, of all that were asked for. */
  share: number;
  /** Of checks that are done. */
  results: CheckResult[];
}

export interface PreflightOptions {
  /** Ids; all where absent. */
  only?: readonly string[];
  signal?: AbortSignal;
  onProgress?(progress: PreflightProgress): void;
}

export const checkEntries = (): CheckEntry[] =>
  checks.map(({ id, title, about, trains = false }) => ({ id, title, about, trains }));

/** Why a check cannot be made of a recipe on data. */
function obstacle({ draws, trains }: Check, recipe: Recipe, data: PreparedData): Text | undefined {
  if (trains && recipe.objectives.some(({ type }) => type === 'distillation'))
    return {
      en: 'Skipped: the recipe learns from a teacher, and a copy that is thrown away is made without the teacher’s weights.',
      zh: '已跳过：此配方向教师模型学习，而一次性副本不含教师的权重。',
    };
  const few = draws || trains ? tooFew(data, recipe) : undefined;
  return (
    few &&
    phrase(
      {
        en: 'Skipped: a batch needs {need:count} samples to train on, and there are {have:count}.',
        zh: '已跳过：一个批次需要 {need:count} 个训练样本，而只有 {have:count} 个。',
      },
      few,
    )
  );
}

/** @throws StudioError `cancelled`, `recipe-invalid`, and what training throws */
export async function preflight(
  executor: Executor,
  given: Recipe,
  data: PreparedData,
  { only, signal, onProgress }: PreflightOptions = {},
): Promise<CheckResult[]> {
  const recipe = recipeAt(parseRecipe(given), 0);
  const wanted = checks.filter(({ id }) => !only || only.includes(id));
  const results: CheckResult[] = [];
  for (const [index, check] of wanted.entries()) {
    const { id, title, says } = check;
    const why = obstacle(check, recipe, data);
    const tell = (share: number) =>
      onProgress?.({ id, share: (index + share) / wanted.length, results: [...results] });
    const stopped = () => {
      if (signal?.aborted) throw new StudioError('cancelled', { what: 'The pre-flight' });
    };
    stopped();
    tell(0);
    const context = {
      recipe,
      data,
      executor,
      stopped,
      progress: tell,
      finding: (sighting: Sighting) => findingOf({ code: id, title, says }, sighting, 0),
    };
    const outcome: Outcome = why ? skip(why) : await check.run(context);
    const { summary, figures, offer } = outcome;
    results.push({
      ...outcome,
      id,
      title,
      summary: phrase(summary, figures),
      ...(offer && { offer: { ...offer, button: phrase(offer.button, figures) } }),
    });
  }
  const last = wanted.at(-1);
  if (last) onProgress?.({ id: last.id, share: 1, results: [...results] });
  return results;
}
