/**
 * Findings of a run as it goes. Detectors look after each validation and every fifty steps at the latest rows. A finding appears when it was seen twice in a
 * row and is resolved when it was not seen twice in a row, so that none flickers; a resolved one is shown for a while longer.
 */
import type { Recipe } from '../../core/recipe.ts';
import { recipeAt } from '../../core/stages.ts';
import type { MetricRow } from '../metricLog.ts';
import type { Finding } from './definition.ts';
import type { Facts } from './facts.ts';
import { findingOf } from './finding.ts';
import { History } from './history.ts';
import { detectors } from './index.ts';

/** Steps between two looks. */
const every = 50;
/** Looks in a row that make a finding appear, or go. */
const lasting = 2;
/** Looks for which a resolved finding stays. */
const farewell = 4;

interface Entry {
  finding: Finding;
  seen: number;
  missed: number;
  shown: boolean;
}

export class Diagnosis {
  private readonly history = new History();
  private readonly entries = new Map<string, Entry>();
  private readonly recipe: () => Recipe;
  private readonly facts: () => Facts | undefined;
  private known?: Facts;
  private looked = 0;

  /** @param recipe of the run with its stages, as it is whenever it is asked. @param facts counted at the first look */
  constructor(recipe: () => Recipe, facts: () => Facts | undefined = () => undefined) {
    this.recipe = recipe;
    this.facts = facts;
  }

  /**
   * Takes a row of metrics.
   * @returns the findings where it was time to look
   */
  row(row: MetricRow): Finding[] | undefined {
    const { step } = row;
    const validated = row['loss'] === undefined;
    if (step < this.looked) {
      this.looked = step;
      this.entries.clear();
    }
    this.history.push(row);
    // The row of a validation follows, and is what to look after.
    if (!validated && (step - this.looked < every || step % this.recipe().training.validateEvery === 0))
      return undefined;
    this.looked = step;
    return this.look(step);
  }

  private look(step: number): Finding[] {
    this.known ??= this.facts();
    const whole = this.recipe();
    const run = {
      history: this.history,
      recipe: recipeAt(whole, Math.max(0, step - 1)),
      step,
      steps: whole.training.steps,
      facts: this.known,
    };
    const now = new Map(
      detectors.flatMap((detector) =>
        detector.detect(run).map((sighting) => {
          const finding = findingOf(detector, sighting, step);
          return [finding.key, finding] as const;
        }),
      ),
    );
    for (const [key, finding] of now) {
      const before = this.entries.get(key);
      const seen = (before?.seen ?? 0) + 1;
      this.entries.set(key, {
        finding: { ...finding, since: before?.finding.since ?? step },
        seen,
        missed: 0,
        shown: before?.shown || seen >= lasting,
      });
    }
    for (const [key, entry] of this.entries) {
      if (now.has(key)) continue;
      entry.seen = 0;
      entry.missed++;
      if (entry.missed >= lasting) entry.finding = { ...entry.finding, resolved: true };
      if (!entry.shown || entry.missed >= lasting + farewell) this.entries.delete(key);
    }
    return this.findings;
  }

  /** What is shown now, the worst first. */
  get findings(): Finding[] {
    const rank = { serious: 0, warning: 1, note: 2 };
    return [...this.entries.values()]
      .filter(({ shown }) => shown)
      .map(({ finding }) => finding)
      .sort(
        (a, b) =>
          Number(a.resolved ?? false) - Number(b.resolved ?? false) || rank[a.severity] - rank[b.severity],
      );
  }
}
