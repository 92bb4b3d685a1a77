/** All cleaning rules, in the order in which they are offered: what is cheap and certain first. */
import { alike } from './alike.ts';
import { aspect } from './aspect.ts';
import { banned } from './banned.ts';
import { blank } from './blank.ts';
import { blurred } from './blurred.ts';
import { duplicates } from './duplicates.ts';
import { nearPictures } from './nearPictures.ts';
import { nearVectors } from './nearVectors.ts';
import { overlay } from './overlay.ts';
import { repeated } from './repeated.ts';
import { resolution } from './resolution.ts';
import type { Rule } from './rule.ts';
import { script } from './script.ts';
import { words } from './words.ts';

export const cleaningRules: readonly Rule[] = [
  words,
  script,
  banned,
  resolution,
  aspect,
  blank,
  blurred,
  overlay,
  duplicates,
  nearPictures,
  nearVectors,
  repeated,
  alike,
];
