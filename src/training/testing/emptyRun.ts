/** A run before its first step, of drawn data. */
import type { Recipe } from '../../core/recipe.ts';
import type { PreparedData } from '../../data/prepared.ts';
import type { RunSummary } from '../run.ts';

export const emptyRun = (
  id: string,
  recipe: Recipe,
  { dataset, fingerprint }: Pick<PreparedData, 'dataset' | 'fingerprint'>,
): RunSummary => ({
  id,
  name: id,
  note: '',
  recipe,
  dataset,
  datasetName: 'drawn',
  fingerprint,
  executor: 'webgpu',
  adapter: '',
  createdAt: 0,
  updatedAt: 0,
  state: 'idle',
  step: 0,
  last: {},
  checkpoints: [],
});
