/**
 * The other looks at a model: what it scores with each modality alone and with pairs dealt out anew (so that what is left comes from the other modalities and from what is common), and as its
 * inputs get worse.
 */
import type { Control, EvaluationOptions, Robustness } from '../../core/evaluation.ts';
import { random } from '../../core/random.ts';
import { damages, lacking } from '../../data/damage.ts';
import { type Modality, modalities } from '../../data/dataset.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { dealtOut } from '../shuffle.ts';
import { type Measured, mainScore, type Task, type Tick } from './task.ts';

export interface Keyed {
  key: string;
  task: Task;
  /** On the data as it is. */
  whole: Measured;
}

export interface Look {
  of: Keyed;
  data(): PreparedData;
  take(measured: Measured): void;
}

const isModality = (name: string): name is Modality => modalities.some((one) => one === name);

/** What is to be measured for the controls; `found` grows as it is. */
export function controlLooks(
  tasks: readonly Keyed[],
  data: PreparedData,
  options: EvaluationOptions,
  found: Control[],
): Look[] {
  return tasks.flatMap((of): Look[] => {
    const { key, task, whole } = of;
    const score = (measured: Measured) => mainScore(task.main, measured, options);
    if (Number.isNaN(whole.main())) return [];
    found.push({ task: key, kind: 'all', score: score(whole) });
    if (whole.prior !== undefined) {
      const n = score(whole).n;
      found.push({ task: key, kind: 'prior', score: { name: task.main, value: whole.prior, n } });
    }
    const take = (kind: 'alone' | 'shuffled', modality: string) => (measured: Measured) => {
      found.push({ task: key, kind, modality, score: score(measured) });
    };
    const alone = task.withMissing ? task.reads : [];
    return [
      ...alone.map((modality) => ({
        of,
        data: () => onlyWith(data, modality, task.reads),
        take: take('alone', modality),
      })),
      ...task.reads.map((modality) => ({
        of,
        data: () => dealtOut(data, (one) => one === modality, options.seed),
        take: take('shuffled', modality),
      })),
    ];
  });
}

/** Data in which all of these modalities but one are missing. */
export function onlyWith(data: PreparedData, kept: string, all: readonly string[]): PreparedData {
  return all
    .filter((modality) => modality !== kept)
    .filter(isModality)
    .reduce((rest, modality) => lacking(rest, modality, 1, random(0, 'alone')), data);
}

/** What is to be measured for the curves; `found` grows as it is. */
export function robustnessLooks(
  tasks: readonly Keyed[],
  data: PreparedData,
  options: EvaluationOptions,
  found: Robustness[],
): Look[] {
  return tasks.flatMap(({ key, task, whole }): Look[] => {
    if (Number.isNaN(whole.main())) return [];
    return damages.flatMap(({ type, modalities: fit, strengths, apply }) =>
      fit
        .filter((modality) => task.reads.includes(modality) && has(data, modality))
        .filter(() => type !== 'missing' || task.withMissing)
        .flatMap((modality) => {
          const curve: Robustness = { task: key, damage: type, modality, points: [] };
          found.push(curve);
          const take = (strength: number) => (measured: Measured) => {
            curve.points.push({ strength, score: mainScore(task.main, measured, options) });
          };
          // The first point is what was measured already.
          take(0)(whole);
          return strengths.slice(1).map((strength) => ({
            of: { key, task, whole },
            data: () => apply(data, modality, strength, options.seed),
            take: take(strength),
          }));
        }),
    );
  });
}

/** Whether any sample has it. */
function has(data: PreparedData, modality: Modality): boolean {
  if (data.present?.[modality]) return data.present[modality].includes(1);
  if (data.having && !data.having.includes(modality)) return false;
  if (modality === 'image') return data.size > 0;
  if (modality === 'audio') return data.sound !== undefined;
  if (modality === 'table') return data.table !== undefined;
  return data.pairs.lengths.some((length) => length > 0);
}

/** Measures one after another. */
export async function lookAll(looks: readonly Look[], tick: (place: number) => Tick): Promise<void> {
  for (const [place, { of, data, take }] of looks.entries()) {
    tick(place)(0);
    take(await of.task.measure(data(), tick(place)));
  }
}
