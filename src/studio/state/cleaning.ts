/**
 * What a person does to the chosen data set: its cleaning, as the list of all rules, on or off, and its captions, with one undo. Every change is run and kept by the data worker; what it reports is
 * shown. A newer change ends the work of the one before it.
 */
import { createStore } from 'zustand/vanilla';
import type { Cleaning } from '../../core/cleaning.ts';
import { type Edits, editFrom, originalOf } from '../../core/edits.ts';
import { asStudioError } from '../../core/errors.ts';
import type { FieldValue } from '../../core/fields.ts';
import type { CleaningReport, Progress, RuleEntry, RuleReport } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { datasets, refreshDatasets } from './datasets.ts';
import { dataUndo } from './dataUndo.ts';
import { proxyProgress } from './proxyProgress.ts';
import { type History, newHistory, record, redo, undo } from './undo.ts';

/** What was done by now. */
type Done = Cleaning & { edits: Edits };

interface CleaningState {
  dataset?: string;
  rules: RuleEntry[];
  /** All rules, those that are off with them. */
  history?: History<Done>;
  /** What the newest change did. */
  report?: CleaningReport;
  /** What each rule would leave out by itself, by type. */
  survey?: ReadonlyMap<string, RuleReport>;
  job?: { id: string; kind: 'clean' | 'survey'; progress?: Progress };
}

export const cleaningStore = createStore<CleaningState>(() => ({ rules: [] }));
const { getState, setState } = cleaningStore;

type RuleSetting = Cleaning['rules'][number];

/** Rules that drop only what is surely of no use. */
const usual = ['words', 'resolution', 'aspect', 'blank', 'duplicates'];

/** The rules that are kept, then all others switched off. */
const complete = (cleaning: Cleaning, rules: readonly RuleEntry[]): Cleaning => ({
  ...cleaning,
  rules: [
    ...cleaning.rules,
    ...rules
      .filter(({ type }) => !cleaning.rules.some((rule) => rule.type === type))
      .map(({ type }) => ({ type, off: true })),
  ],
});

/** Without rules that are off and as they come, so that a recipe says only what matters. */
const brief = ({ rules, hand }: Cleaning): Cleaning => ({
  rules: rules.filter(({ off, type: _, ...own }) => !off || Object.keys(own).length > 0),
  ...(hand && (hand.back.length > 0 || hand.out.length > 0) && { hand }),
});

/** A job of the data worker; another begins by ending it. @returns undefined where it was ended */
async function run<T>(
  kind: 'clean' | 'survey',
  work: (job: string, report: ReturnType<typeof proxyProgress>) => Promise<T>,
): Promise<T | undefined> {
  cancelCleaning();
  const id = crypto.randomUUID();
  setState({ job: { id, kind } });
  const mine = () => getState().job?.id === id;
  try {
    const result = await work(
      id,
      proxyProgress((progress) => mine() && setState({ job: { id, kind, progress } })),
    );
    return mine() ? result : undefined;
  } catch (error) {
    if (asStudioError(error).code !== 'cancelled') reportError(error);
    return undefined;
  } finally {
    if (mine()) setState({ job: undefined });
  }
}

const setOf = (dataset: string | undefined) => datasets.getState().list.find(({ id }) => id === dataset);

/** What is kept with a set, with all rules. */
function keptOf(dataset: string): Done | undefined {
  const set = setOf(dataset);
  if (!set) return undefined;
  const { cleaning = { rules: [] }, edits = { fingerprint: originalOf(set), captions: {} } } = set;
  return { ...complete(cleaning, getState().rules), edits };
}

export async function openCleaning(dataset: string): Promise<void> {
  if (getState().dataset === dataset) return;
  setState({ dataset, history: undefined, report: undefined, survey: undefined });
  try {
    const rules = getState().rules.length > 0 ? getState().rules : await api().data.cleaningRules();
    setState({ rules });
  } catch (error) {
    reportError(error);
    return;
  }
  if (getState().dataset !== dataset) return;
  const kept = keptOf(dataset);
  if (!kept) return;
  setState({ history: newHistory(kept) });
  const report = await run('clean', (job, progress) => api().data.cleaning(dataset, job, progress));
  if (report && getState().dataset === dataset) setState({ report });
}

/** Runs and keeps what the history says now. */
async function apply(): Promise<void> {
  const { dataset, history } = getState();
  if (!dataset || !history) return;
  const { edits, ...wanted } = history.present;
  // A set in which nothing was ever edited says nothing of edits.
  const changed = Object.keys(edits.captions).length > 0 || setOf(dataset)?.edits ? edits : undefined;
  const report = await run('clean', (job, progress) =>
    api().data.clean(dataset, brief(wanted), job, progress, changed),
  );
  if (getState().dataset !== dataset) return;
  if (report) setState({ report });
  if (report) await refreshDatasets().catch(reportError);
}

let waiting: ReturnType<typeof setTimeout> | undefined;

/** A number that is being typed is not run digit by digit. */
function change(next: Done, soon = 0): void {
  setState(({ history }) => ({ history: history && record(history, next, performance.now()) }));
  clearTimeout(waiting);
  waiting = setTimeout(() => void apply(), soon);
}

const edit = (make: (done: Done) => Done, soon?: number) => {
  const { history } = getState();
  if (history) change(make(history.present), soon);
};

const editRule = (type: string, make: (rule: RuleSetting) => RuleSetting, soon?: number) =>
  edit(
    (cleaning) => ({
      ...cleaning,
      rules: cleaning.rules.map((rule) => (rule.type === type ? make(rule) : rule)),
    }),
    soon,
  );

export const switchRule = (type: string, on: boolean): void =>
  editRule(type, ({ off: _, ...rule }) => (on ? rule : { ...rule, off: true }));

export const setRuleField = (type: string, key: string, value: FieldValue): void => {
  editRule(type, (rule) => ({ ...rule, [key]: value }), 400);
  // What it would leave out with other settings is not known.
  setState(({ survey }) => ({ survey: survey && new Map([...survey].filter(([one]) => one !== type)) }));
};

/** One place up (−1) or down (1). */
export const moveRule = (type: string, by: -1 | 1): void =>
  edit((cleaning) => {
    const rules = [...cleaning.rules];
    const from = rules.findIndex((rule) => rule.type === type);
    const to = from + by;
    if (from < 0 || to < 0 || to >= rules.length) return cleaning;
    [rules[from], rules[to]] = [rules[to], rules[from]];
    return { ...cleaning, rules };
  });

/** Switches the rules of a preset on and all others off; their settings and what was decided by hand stay. */
export const applyPreset = (preset: 'none' | 'usual'): void =>
  edit((cleaning) => ({
    ...cleaning,
    rules: cleaning.rules.map(({ off: _, ...rule }) =>
      preset === 'usual' && usual.includes(rule.type) ? rule : { ...rule, off: true },
    ),
  }));

function byHand(make: (hand: NonNullable<Cleaning['hand']>) => { back: number[]; out: number[] }): void {
  const { dataset } = getState();
  const set = setOf(dataset);
  if (!set) return;
  const fingerprint = originalOf(set);
  edit((cleaning) => {
    const hand =
      cleaning.hand?.fingerprint === fingerprint ? cleaning.hand : { fingerprint, back: [], out: [] };
    return { ...cleaning, hand: { fingerprint, ...make(hand) } };
  });
}

/** Keeps a sample whatever the rules say. */
export const keepSample = (sample: number): void =>
  byHand(({ back, out }) =>
    out.includes(sample)
      ? { back, out: out.filter((one) => one !== sample) }
      : { back: [...new Set([...back, sample])], out },
  );

/** Leaves a sample out: to the rules again where it had been put back, else by hand. */
export const leaveSample = (sample: number): void =>
  byHand(({ back, out }) =>
    back.includes(sample)
      ? { back: back.filter((one) => one !== sample), out }
      : { back, out: [...new Set([...out, sample])] },
  );

/** Leaves samples out by hand, whatever had been decided of them; one undo brings all back. */
export const leaveSamples = (samples: readonly number[]): void =>
  byHand(({ back, out }) => ({
    back: back.filter((one) => !samples.includes(one)),
    out: [...new Set([...out, ...samples])],
  }));

/**
 * Gives a sample other captions.
 * @param before what they were before any edit
 */
export const editCaptions = (sample: number, before: readonly string[], captions: readonly string[]): void =>
  edit((done) => {
    const { [sample]: _, ...others } = done.edits.captions;
    const made = editFrom(before, captions);
    return { ...done, edits: { ...done.edits, captions: made ? { ...others, [sample]: made } : others } };
  });

function step(move: typeof undo<Done>): void {
  const { history } = getState();
  const moved = history && move(history);
  if (!moved || moved === history) return;
  setState({ history: moved });
  clearTimeout(waiting);
  void apply();
}

export const undoCleaning = (): void => step(undo);
export const redoCleaning = (): void => step(redo);

dataUndo.now = () => {
  const { history } = getState();
  return {
    undo: undoCleaning,
    redo: redoCleaning,
    canUndo: (history?.past.length ?? 0) > 0,
    canRedo: (history?.future.length ?? 0) > 0,
  };
};

/** What each rule would leave out by itself, as it is set now. */
export async function lookForProblems(): Promise<void> {
  const { dataset, history } = getState();
  if (!dataset || !history) return;
  const found = await run('survey', (job, progress) =>
    api().data.surveyCleaning(dataset, history.present.rules, job, progress),
  );
  if (found && getState().dataset === dataset)
    setState({ survey: new Map(found.map((report) => [report.type, report])) });
}

/** Ends the work that is going on. What a cancelled change asked for is taken back. */
export function cancelCleaning(byPerson = false): void {
  const { job, report, dataset } = getState();
  if (!job) return;
  setState({ job: undefined });
  api().data.cancel(job.id).catch(reportError);
  const kept = dataset !== undefined && report ? keptOf(dataset) : undefined;
  if (byPerson && job.kind === 'clean' && kept)
    setState(({ history }) => ({ history: history && { ...history, present: kept } }));
}
