/** A copy of the model that trains for a few steps and is thrown away: no session, no checkpoint, no run. */
import type { Recipe } from '../../core/recipe.ts';
import type { PreparedData } from '../../data/prepared.ts';
import type { Executor } from '../../engine/executor.ts';
import { Phase } from '../phase.ts';
import { ready } from '../ready.ts';

export interface Rehearsed {
  loss: number;
  /** Milliseconds. */
  time: number;
  /** exp(logit scale), of a contrastive objective. */
  scale?: number;
}

/**
 * @param rate of each step, 1-based
 * @param heard after each step; false ends it. A step that is not finite has the loss NaN, and is the last
 * @throws StudioError `recipe-invalid`, `shape-mismatch`, `data-too-few`, `device-lost`, `out-of-memory`
 */
export async function rehearse(
  executor: Executor,
  recipe: Recipe,
  data: PreparedData,
  steps: number,
  rate: (step: number) => number,
  heard: (one: Rehearsed, step: number) => boolean,
): Promise<void> {
  await ready(recipe);
  const phase = await Phase.create({ executor, data }, recipe);
  try {
    for (let step = 0; step < steps; step++) {
      const began = performance.now();
      phase.stepping.take(step, rate(step + 1), 0);
      const [record] = await phase.stepping.records();
      const finite = record && !record.skipped && Number.isFinite(record.scalars['loss']);
      const loss = finite ? record.scalars['loss'] : Number.NaN;
      if (
        !heard({ loss, time: performance.now() - began, scale: record?.scalars['scale'] }, step + 1) ||
        !finite
      )
        return;
      await new Promise<void>((resolve) => setTimeout(resolve));
    }
  } finally {
    phase.destroy();
  }
}
