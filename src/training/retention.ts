/**
 * What is left of an earlier task while another is learned: forgetting, how far its main score is below the best so far (Chaudhry et al. 2018, arXiv 1801.10112), and
 * backward transfer, how far it is from where the run began (Lopez-Paz & Ranzato 2017, arXiv 1706.08840; for one earlier task their BWT is just that).
 */
import { lowerIsBetter, mainMetric } from '../core/score.ts';

export interface RetentionMemory {
  /** The main score before the first step, and the best since. */
  first: number;
  best: number;
}

export class Retention {
  memory?: RetentionMemory;

  constructor(kept?: RetentionMemory) {
    this.memory = kept;
  }

  /**
   * @param row of measures `old.val.…`; empty where none is measured
   * @returns the row with `old.forgetting` (0 or more; more is worse) and `old.transfer` (more is better)
   */
  hear(row: Record<string, number>): Record<string, number> {
    const metric = mainMetric(Object.keys(row).map((name) => name.replace(/^old\./, '')));
    if (metric === undefined) return row;
    const now = row[`old.${metric}`];
    const sign = lowerIsBetter(metric) ? -1 : 1;
    const { first, best } = this.memory ?? { first: now, best: now };
    this.memory = { first, best: sign * now > sign * best ? now : best };
    return {
      ...row,
      'old.forgetting': sign * (this.memory.best - now),
      'old.transfer': sign * (now - first),
    };
  }
}
