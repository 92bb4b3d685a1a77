/**
 * Runs the rules of a cleaning in their order: each sees what the ones before it kept. The outcome is a function of data and cleaning, so a run that names its
 * cleaning sees the same samples whenever it is opened.
 */
import type { Cleaning } from '../../core/cleaning.ts';
import { baseOf } from '../../core/edits.ts';
import { StudioError } from '../../core/errors.ts';
import { checkFields, type FieldValues, type Text } from '../../core/fields.ts';
import type { OnProgress } from '../../core/progress.ts';
import type { Dataset } from '../dataset.ts';
import { has } from '../having.ts';
import { cleaningRules } from './index.ts';
import type { Drop, Rule } from './rule.ts';

/** What one rule did. */
export interface RuleOutcome {
  type: string;
  /** It was switched off and did nothing. */
  off: boolean;
  /** Samples that it saw; fewer than were there where some lack what it looks at. */
  judged: number;
  /** Without those that a person put back. */
  dropped: number;
  /** All that it would leave out, in order, those put back with them. */
  drops: Drop[];
  /** Why it could not judge. */
  lacks?: Text;
}

export interface Outcome {
  /** 1 for each sample that stays. */
  kept: Uint8Array;
  rules: RuleOutcome[];
  /** Samples left out by hand, and put back from what a rule dropped. */
  out: number[];
  back: number[];
}

interface Work {
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

const ruleOf = (type: string, path: string): Rule => {
  const rule = cleaningRules.find((one) => one.type === type);
  if (rule) return rule;
  const known = cleaningRules.map((one) => one.type).join(', ');
  throw new StudioError('recipe-invalid', {
    path,
    message: `there is no rule “${type}”; known are ${known}`,
  });
};

/**
 * The rules of a cleaning with their settings, defaults filled in.
 * @throws StudioError `recipe-invalid` with the place
 */
export function readRules({
  rules,
}: Pick<Cleaning, 'rules'>): { rule: Rule; off: boolean; values: FieldValues }[] {
  return rules.map(({ type, off = false, ...own }, index) => {
    const path = `data.cleaning.rules.${index}`;
    const rule = ruleOf(type, path);
    return { rule, off, values: checkFields(rule.fields, own, path) };
  });
}

/**
 * @throws StudioError `recipe-invalid`, `cancelled`
 */
export async function clean(dataset: Dataset, cleaning: Cleaning, work: Work = {}): Promise<Outcome> {
  const rules = readRules(cleaning);
  const count = dataset.files.length;
  const own = cleaning.hand?.fingerprint === baseOf(dataset) ? cleaning.hand : undefined;
  const within = (list: readonly number[] = []) => [...new Set(list)].filter((sample) => sample < count);
  const out = within(own?.out);
  const put = new Set(within(own?.back).filter((sample) => !out.includes(sample)));
  const kept = new Uint8Array(count).fill(1);
  for (const sample of out) kept[sample] = 0;
  const outcomes: RuleOutcome[] = [];
  const on = rules.filter(({ off }) => !off).length;
  let finished = 0;
  for (const { rule, off, values } of rules) {
    const lacks = rule.lacks?.(dataset);
    const outcome: RuleOutcome = {
      type: rule.type,
      off,
      judged: 0,
      dropped: 0,
      drops: [],
      ...(lacks && { lacks }),
    };
    outcomes.push(outcome);
    if (off) continue;
    const pace = pacer(on, finished++, work);
    if (lacks) continue;
    const samples = Int32Array.from(kept.keys()).filter(
      (sample) => kept[sample] === 1 && (!rule.needs || has(dataset, rule.needs, sample)),
    );
    outcome.judged = samples.length;
    await pace(0);
    const subject = { dataset, samples, held: (sample: number) => put.has(sample) };
    outcome.drops = await rule.judge(
      { ...subject, pace: (done) => pace(done / Math.max(1, samples.length)) },
      values,
    );
    for (const { sample } of outcome.drops) {
      if (put.has(sample)) continue;
      kept[sample] = 0;
      outcome.dropped++;
    }
  }
  work.onProgress?.({ phase: 'clean', done: 100 * on, total: 100 * on });
  return { kept, rules: outcomes, out, back: [...put] };
}

/** Lets other work go on every 30 ms, says how far it is, and notices a cancel. */
function pacer(
  rules: number,
  before: number,
  { signal, onProgress }: Work,
): (share: number) => Promise<void> {
  let last = performance.now();
  return async (share) => {
    if (share === 0 || performance.now() - last > 30) {
      onProgress?.({ phase: 'clean', done: Math.round(100 * (before + share)), total: 100 * rules });
      await new Promise((resolve) => setTimeout(resolve));
      last = performance.now();
    }
    if (signal?.aborted) throw new StudioError('cancelled', { what: 'Cleaning' });
  };
}
