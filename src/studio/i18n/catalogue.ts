/** Every text of the page, one file per area. */
import { browse } from './texts/browse.ts';
import { charts } from './texts/charts.ts';
import { cleaning } from './texts/cleaning.ts';
import { compare } from './texts/compare.ts';
import { control } from './texts/control.ts';
import { data } from './texts/data.ts';
import { exporting } from './texts/export.ts';
import { findings } from './texts/findings.ts';
import { inspect } from './texts/inspect.ts';
import { model } from './texts/model.ts';
import { onward } from './texts/onward.ts';
import { profile } from './texts/profile.ts';
import { runs } from './texts/runs.ts';
import { shell } from './texts/shell.ts';
import { start } from './texts/start.ts';
import { sweep } from './texts/sweep.ts';
import { train } from './texts/train.ts';
import { trying } from './texts/try.ts';
import type { Pair } from './texts.ts';

const all = {
  ...shell,
  ...start,
  ...data,
  ...browse,
  ...cleaning,
  ...model,
  ...train,
  ...control,
  ...profile,
  ...findings,
  ...charts,
  ...inspect,
  ...trying,
  ...compare,
  ...onward,
  ...sweep,
  ...runs,
  ...exporting,
};
export type TextKey = keyof typeof all;
export const catalogue: Record<TextKey, Pair> = all;
