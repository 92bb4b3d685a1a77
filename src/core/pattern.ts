/**
 * Patterns over the dotted names of parameters: `*` stands for any run of characters, and a pattern means every name that it spells or that
 * continues it after a dot. `image.blocks.0` means the whole block, `*.norm*` every norm.
 */
const known = new Map<string, RegExp>();

export function matches(pattern: string, name: string): boolean {
  let expression = known.get(pattern);
  if (!expression) {
    const spelled = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    expression = new RegExp(`^${spelled}(\\..*)?$`, 'u');
    known.set(pattern, expression);
  }
  return expression.test(name);
}
