/** The checks before a run, the quick ones first. A new one is a file and a line here. */
import { captions } from './captions.ts';
import { combinations } from './combinations.ts';
import type { Check } from './definition.ts';
import { duplicates } from './duplicates.ts';
import { memory } from './memory.ts';
import { overfit } from './overfit.ts';
import { pace } from './pace.ts';
import { rateRange } from './rateRange.ts';
import { splits } from './splits.ts';

export const checks: readonly Check[] = [
  splits,
  duplicates,
  captions,
  combinations,
  memory,
  pace,
  overfit,
  rateRange,
];
