/**
 * What a detector is: a pure function over the metrics so far, the recipe as it holds and what is known of the data. It says what it sees with the
 * figures; its texts stand beside it in both languages. Whether a finding is shown, and for how long, is the business of `Diagnosis` alone.
 */
import type { Change } from '../../core/controls.ts';
import type { Text } from '../../core/fields.ts';
import type { Recipe } from '../../core/recipe.ts';
import type { Facts } from './facts.ts';
import type { History } from './history.ts';
import type { Params } from './phrase.ts';

/** `note`: good to know. `warning`: the run will be worse for it. `serious`: the run is in vain as it is. */
export type Severity = 'note' | 'warning' | 'serious';

/** A place in a recipe and what to write there. */
export interface Edit {
  path: (string | number)[];
  value: unknown;
}

/** One click: a change that a running session takes; edits of the recipe, for which a new run is needed; or a run that begins at a step of this one, with edits. */
export type Remedy = { change: Change } | { edits: Edit[]; branch?: number };

export interface Observed {
  history: History;
  /** As it holds now, without stages. */
  recipe: Recipe;
  /** Steps done, and of the whole run. */
  step: number;
  steps: number;
  /** Absent where the data is not at hand. */
  facts?: Facts;
}

/** The words of a finding: what was seen with the figures, why it matters, and what the button does. */
export interface Words {
  seen: Text;
  why: Text;
  button?: Text;
}

export interface Sighting {
  /** Which of the detector's `says`. */
  says: string;
  /** A modality, a layer: what tells sightings of one detector apart. */
  about?: string;
  severity: Severity;
  params: Params;
  remedy?: Remedy;
}

export interface Detector {
  code: string;
  title: Text;
  /** Where to look: a panel of the Train screen. */
  panel?: string;
  says: Record<string, Words>;
  detect(run: Observed): Sighting[];
}

/** A finding with its words filled, as the page and the terminal show it. Plain data. */
export interface Finding {
  /** Unique within a run, the same as long as it lasts: code and what it is about. */
  key: string;
  code: string;
  severity: Severity;
  title: Text;
  seen: Text;
  why: Text;
  button?: Text;
  remedy?: Remedy;
  params: Params;
  panel?: string;
  /** The step it was first seen at; 0 before a run. */
  since: number;
  /** It no longer holds. */
  resolved?: boolean;
}
