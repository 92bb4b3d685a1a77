/** The built-in data sets. One more is one more file and one line here. */
import type { BuiltIn } from './builtIn.ts';
import { digits } from './digits.ts';
import { imbalance } from './imbalance.ts';
import { interactions } from './interactions.ts';
import { product } from './product.ts';
import { shapes } from './shapes.ts';
import { shapesQa } from './shapesQa.ts';
import { xor } from './xor.ts';

export const builtIns: readonly BuiltIn[] = [shapes, shapesQa, digits, product, xor, interactions, imbalance];
