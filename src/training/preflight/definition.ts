/** What a check before a run is: one file each. It may train a copy of the model, never a run that is kept, and says what it found in figures and findings. */
import type { Text } from '../../core/fields.ts';
import type { Recipe } from '../../core/recipe.ts';
import type { PreparedData } from '../../data/prepared.ts';
import type { Executor } from '../../engine/executor.ts';
import type { Finding, Remedy, Words } from '../diagnosis/definition.ts';

export interface CheckContext {
  /** As it holds at the start, without stages. */
  recipe: Recipe;
  data: PreparedData;
  executor: Executor;
  /** @throws StudioError `cancelled` */
  stopped(): void;
  /** 0 … 1 */
  progress(share: number): void;
  finding(sighting: {
    says: string;
    severity: Finding['severity'];
    params: Record<string, number | string>;
    about?: string;
    remedy?: Remedy;
  }): Finding;
}

export interface Curve {
  /** Of the horizontal axis, which is logarithmic. */
  x: number[];
  y: number[];
  /** A place worth a mark. */
  mark?: number;
}

export interface Outcome {
  /** What was found, in one line, also when all is well. */
  summary: Text;
  figures: Record<string, number>;
  findings: Finding[];
  curve?: Curve;
  /** A setting that is offered though nothing is wrong. */
  offer?: { button: Text; remedy: Remedy };
  examples?: string[];
  /** It was not made; the summary says why. */
  skipped?: boolean;
}

/** What is said of a check that cannot be made. */
export const skip = (why: Text): Outcome => ({ summary: why, figures: {}, findings: [], skipped: true });

export interface Check {
  id: string;
  title: Text;
  /** What it does, in one line. */
  about: Text;
  /** Draws batches, and so needs as many pairs as fill one. */
  draws?: boolean;
  /** Trains a copy of the model, and so takes a while. */
  trains?: boolean;
  /** Words of its findings. */
  says: Record<string, Words>;
  run(context: CheckContext): Promise<Outcome>;
}

/** An outcome under the check's name. Plain data. */
export interface CheckResult extends Outcome {
  id: string;
  title: Text;
}
