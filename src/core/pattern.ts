/**
 * Names of layers and parameters, chosen by pattern: a part of the model (`image`, `fusion`, `heads`), a block of it (`image.blocks.0`), or any name
 * with `*` for whatever stands there. A pattern matches a name that equals it or goes on after a dot, so that a block means all inside it.
 */

/** First parts of names that belong to no head: modalities, their fusion, and weights of terms. */
const elsewhere = ['image', 'text', 'audio', 'table', 'video', 'fusion', 'weighting'];

/** Heads are what objectives bring along, but for temperatures. */
function isHead(name: string): boolean {
  const [first, second = ''] = name.split('.');
  return !elsewhere.includes(first) && !second.startsWith('logit_');
}

export function matches(pattern: string, name: string): boolean {
  if (pattern === 'heads') return isHead(name);
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}(\\.|$)`).test(name);
}
