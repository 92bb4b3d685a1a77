/** Every text of the page, one file per area. What a single screen says comes with the screen: its file adds itself. */
import { browse } from './texts/browse.ts';
import { charts } from './texts/charts.ts';
import type { cleaning } from './texts/cleaning.ts';
import type { compare } from './texts/compare.ts';
import { control } from './texts/control.ts';
import { data } from './texts/data.ts';
import type { evaluate } from './texts/evaluate.ts';
import type { exporting } from './texts/export.ts';
import type { features } from './texts/features.ts';
import { findings } from './texts/findings.ts';
import type { gates } from './texts/gates.ts';
import { inspect } from './texts/inspect.ts';
import { model } from './texts/model.ts';
import { onward } from './texts/onward.ts';
import type { panelTexts } from './texts/panels.ts';
import { profile } from './texts/profile.ts';
import { runs } from './texts/runs.ts';
import { shell } from './texts/shell.ts';
import { start } from './texts/start.ts';
import type { sweep } from './texts/sweep.ts';
import { train } from './texts/train.ts';
import type { trying } from './texts/try.ts';
import type { why } from './texts/why.ts';
import type { words } from './texts/words.ts';
import type { Pair } from './texts.ts';

const all = {
  ...shell,
  ...start,
  ...data,
  ...browse,
  ...model,
  ...train,
  ...control,
  ...profile,
  ...findings,
  ...charts,
  ...inspect,
  ...onward,
  ...runs,
};
type Later = typeof cleaning &
  typeof compare &
  typeof evaluate &
  typeof exporting &
  typeof features &
  typeof gates &
  typeof panelTexts &
  typeof sweep &
  typeof trying &
  typeof why &
  typeof words;
export type TextKey = keyof typeof all | keyof Later;
export const catalogue: Partial<Record<TextKey, Pair>> = { ...all };

export function addTexts(texts: Partial<Record<TextKey, Pair>>): void {
  Object.assign(catalogue, texts);
}
