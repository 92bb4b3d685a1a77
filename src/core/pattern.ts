/**
 * Patterns over the dotted names of parameters: `*` stands for any run of characters, and a pattern means every name that it spells or that
 * continues it after a dot. `image.blocks.0` means the whole block, `*.norm*` every norm.
 */
import { spells } from './glob.ts';

export const matches = (pattern: string, name: string): boolean =>
  spells(pattern, name, 'anything') || spells(`${pattern}.*`, name, 'anything');
