/** The detectors. A new one is a file and a line here. */
import { chance } from './chance.ts';
import { clipped } from './clipped.ts';
import { collapse } from './collapse.ts';
import { contribution } from './contribution.ts';
import type { Detector } from './definition.ts';
import { diverging } from './diverging.ts';
import { dominance } from './dominance.ts';
import { experts } from './experts.ts';
import { heldOut } from './heldOut.ts';
import { leak } from './leak.ts';
import { overfitting } from './overfitting.ts';
import { overflow } from './overflow.ts';
import { plateau } from './plateau.ts';
import { spikes } from './spikes.ts';
import { starvation } from './starvation.ts';
import { temperature } from './temperature.ts';
import { vanishing } from './vanishing.ts';

export const detectors: readonly Detector[] = [
  diverging,
  chance,
  plateau,
  vanishing,
  dominance,
  contribution,
  collapse,
  overfitting,
  temperature,
  spikes,
  experts,
  overflow,
  clipped,
  starvation,
  heldOut,
  leak,
];
