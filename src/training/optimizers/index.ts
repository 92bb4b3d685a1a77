/** Every optimizer; one line each. */
import { adamw } from './adamw.ts';
import { sgd } from './sgd.ts';

export const optimizers = [adamw, sgd];
