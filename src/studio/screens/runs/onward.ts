/** The recipe of a run that goes on with other data: that of the weights, with what keeps the old task, what stays frozen and what is new. */
import { trainedOn } from '../../../core/edits.ts';
import type { Recipe } from '../../../core/recipe.ts';
import type { Catalog, DatasetSummary, RunSummary } from '../../../workers/api.ts';
import { replaced } from '../model/fits.ts';

export interface OnwardChoice {
  steps: number;
  /** Modalities that get an encoder of their own. */
  added: readonly string[];
  /** The data set that the weights were trained on, where it is still there. */
  old?: string;
  replay?: { samples: number; share: number; byClass: boolean };
  measure: boolean;
  freeze: boolean;
}

/** @param base without stages */
export function onwardRecipe(
  base: Recipe,
  { steps, added, old, replay, measure, freeze }: OnwardChoice,
  { encoders }: Pick<Catalog, 'encoders'>,
): Recipe {
  const { replay: _, alsoValidate: __, groups = [], ...training } = base.training;
  const taken = Object.keys(base.encoders);
  const fresh = added.flatMap((modality) => {
    const entry = encoders.find((one) => one.modality === modality);
    return entry ? [[modality, replaced(entry)] as const] : [];
  });
  const rules = [...groups, ...(freeze ? taken.map((match) => ({ match, freeze: true })) : [])];
  return {
    ...base,
    encoders: { ...base.encoders, ...Object.fromEntries(fresh) },
    training: {
      ...training,
      steps,
      ...(rules.length > 0 && { groups: rules }),
      ...(old !== undefined &&
        replay && {
          replay: {
            dataset: old,
            samples: replay.samples,
            share: replay.share,
            by: replay.byClass ? ('class' as const) : ('random' as const),
          },
        }),
      ...(old !== undefined && measure && { alsoValidate: { dataset: old } }),
    },
  };
}

/** The data set of a run, where it is still kept. */
export const datasetOf = (
  run: Pick<RunSummary, 'dataset' | 'fingerprint' | 'recipe'>,
  sets: readonly DatasetSummary[],
): DatasetSummary | undefined =>
  sets.find(({ id }) => id === run.dataset) ?? sets.find((set) => trainedOn(run, set));

/** A tenth of the old training samples, between 20 and 500: enough to matter, few enough to be seen often. */
export const defaultSamples = (trained: number): number =>
  Math.min(trained, Math.max(20, Math.min(500, Math.round(trained / 10))));
