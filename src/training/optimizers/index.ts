/** Every optimizer; one line each. */
import { adamw } from './adamw.ts';
import { lion } from './lion.ts';
import { muon } from './muon.ts';
import { sgd } from './sgd.ts';

export const optimizers = [adamw, sgd, lion, muon];
