/** What a cleaning does, for people: counts rule by rule and the first examples of what each leaves out. */
import type { Cleaning } from '../../core/cleaning.ts';
import type { OnProgress } from '../../core/progress.ts';
import type { Dataset } from '../dataset.ts';
import { clean, type Outcome, type RuleOutcome } from './clean.ts';

/** Examples that are shown of a rule. */
const examples = 24;

export interface Example {
  sample: number;
  file: string;
  caption?: string;
  figure?: number;
  /** What it is like, where that is why. */
  like?: number;
  /** A person put it back. */
  back: boolean;
}

export interface RuleReport extends Omit<RuleOutcome, 'drops'> {
  examples: Example[];
}

export interface CleaningReport {
  cleaning: Cleaning;
  samples: number;
  kept: number;
  /** Indices, ascending. */
  dropped: Int32Array;
  rules: RuleReport[];
  /** Left out by hand. */
  out: Example[];
}

interface Work {
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

const describe = ({ files, captions }: Dataset, sample: number) => ({
  sample,
  file: files[sample],
  ...(captions[sample][0] !== undefined && { caption: captions[sample][0] }),
});

const ruleReport = (dataset: Dataset, { drops, ...rest }: RuleOutcome, { back }: Outcome): RuleReport => ({
  ...rest,
  examples: drops
    .slice(0, examples)
    .map((drop) => ({ ...describe(dataset, drop.sample), ...drop, back: back.includes(drop.sample) })),
});

/** @throws StudioError `recipe-invalid`, `cancelled` */
export async function reportOf(dataset: Dataset, cleaning: Cleaning, work: Work): Promise<CleaningReport> {
  const outcome = await clean(dataset, cleaning, work);
  const dropped = Int32Array.from(outcome.kept.keys()).filter((sample) => outcome.kept[sample] === 0);
  return {
    cleaning,
    samples: dataset.files.length,
    kept: dataset.files.length - dropped.length,
    dropped,
    rules: outcome.rules.map((rule) => ruleReport(dataset, rule, outcome)),
    out: outcome.out.map((sample) => ({ ...describe(dataset, sample), back: false })),
  };
}

/** Each rule on all samples, whether it is on or off. @throws StudioError `recipe-invalid`, `cancelled` */
export async function surveyOf(
  dataset: Dataset,
  rules: Cleaning['rules'],
  { signal, onProgress }: Work,
): Promise<RuleReport[]> {
  const reports: RuleReport[] = [];
  for (const [index, rule] of rules.entries()) {
    const report: OnProgress = ({ phase, done, total }) => {
      const share = total > 0 ? done / total : 1;
      onProgress?.({ phase, done: Math.round(100 * (index + share)), total: 100 * rules.length });
    };
    const outcome = await clean(
      dataset,
      { rules: [{ ...rule, off: false }] },
      { signal, onProgress: report },
    );
    reports.push(ruleReport(dataset, outcome.rules[0], outcome));
  }
  return reports;
}
