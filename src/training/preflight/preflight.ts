/** Runs checks before a run, one after another or one alone; each can be cancelled, and none touches a run that is kept. */
import { StudioError } from '../../core/errors.ts';
import type { Text } from '../../core/fields.ts';
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import { recipeAt } from '../../core/stages.ts';
import type { PreparedData } from '../../data/prepared.ts';
import type { Executor } from '../../engine/executor.ts';
import { findingOf } from '../diagnosis/finding.ts';
import { phrase } from '../diagnosis/phrase.ts';
import type { CheckResult } from './definition.ts';
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

/** @throws StudioError `cancelled`, `recipe-invalid`, and what training throws */
export async function preflight(
  executor: Executor,
  given: Recipe,
  data: PreparedData,
  { only, signal, onProgress }: PreflightOptions = {},
): Promise<CheckResult[]> {
  const recipe = recipeAt(parseRecipe(given), 0);
  // A copy would be taught by a teacher without its weights.
  const taught = recipe.objectives.some(({ type }) => type === 'distillation');
  const wanted = checks.filter(({ id, trains }) => (!only || only.includes(id)) && !(taught && trains));
  const results: CheckResult[] = [];
  for (const [index, check] of wanted.entries()) {
    const { id, title, says } = check;
    const tell = (share: number) =>
      onProgress?.({ id, share: (index + share) / wanted.length, results: [...results] });
    const stopped = () => {
      if (signal?.aborted) throw new StudioError('cancelled', { what: 'The pre-flight' });
    };
    stopped();
    tell(0);
    const outcome = await check.run({
      recipe,
      data,
      executor,
      stopped,
      progress: tell,
      finding: (sighting) => findingOf({ code: id, title, says }, sighting, 0),
    });
    if (!outcome) continue;
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
