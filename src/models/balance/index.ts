/** Every way of balancing modalities; one line each. */
import { blending } from './blending.ts';
import { none } from './none.ts';
import { ogmGe } from './ogmGe.ts';
import { prototype } from './prototype.ts';

export const balances = [none, ogmGe, blending, prototype];
