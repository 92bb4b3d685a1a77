/** Runs that were made to show what detectors look for, and healthy ones, as they are kept in `runs.json`; bench/findings/record.ts makes them anew. */
import { readFileSync } from 'node:fs';
import type { Recipe } from '../../../core/recipe.ts';
import type { Finding } from '../definition.ts';
import { Diagnosis } from '../diagnosis.ts';
import type { Facts } from '../facts.ts';

export interface MadeRun {
  name: string;
  recipe: Recipe;
  facts: Facts;
  /** Columns of the steps, from the first; null where there is no number. */
  steps: Record<string, (number | null)[]>;
  validations: Record<string, number>[];
  /** Codes that it was made to show, and such as are true of it besides. */
  shows?: string[];
  also?: string[];
}

export const madeRuns: MadeRun[] = JSON.parse(readFileSync(new URL('./runs.json', import.meta.url), 'utf8'));

/** Its rows in the order of the run. */
export function rowsOfRun({ steps, validations }: MadeRun): Record<string, number>[] {
  return steps['loss'].flatMap((_, i) => {
    const row: Record<string, number> = { step: i + 1 };
    for (const [name, values] of Object.entries(steps)) row[name] = values[i] ?? Number.NaN;
    return [row, ...validations.filter(({ step }) => step === i + 1)];
  });
}

/** What was found of what a run was made to show, what was not, and what is neither this nor true of it besides. */
export function verdictOf(run: MadeRun): { hits: string[]; misses: string[]; alarms: string[] } {
  const { shows = [], also = [] } = run;
  const found = [...diagnosed(run).found.values()];
  const has = (code: string) => found.some((one) => one.code === code);
  return {
    hits: shows.filter(has),
    misses: shows.filter((code) => !has(code)),
    alarms: found.filter(({ code }) => ![...shows, ...also].includes(code)).map(({ key }) => key),
  };
}

/** Everything that was shown while the run went, by key, as it was at last; and how often what is shown changed. */
export function diagnosed(
  run: MadeRun,
  change: (row: Record<string, number>) => Record<string, number> = (row) => row,
): { found: Map<string, Finding>; changes: number } {
  const diagnosis = new Diagnosis(
    () => run.recipe,
    () => run.facts,
  );
  const found = new Map<string, Finding>();
  let shown = '';
  let changes = 0;
  for (const row of rowsOfRun(run)) {
    const findings = diagnosis.row(change(row));
    if (!findings) continue;
    for (const finding of findings) found.set(finding.key, finding);
    const now = findings
      .map(({ key, resolved = false }) => `${key} ${resolved}`)
      .sort()
      .join();
    if (now !== shown) changes++;
    shown = now;
  }
  return { found, changes };
}
