/**
 * A small language that names tensors of a model: `image.block[2].attention.out`, its gradient `image.block[2].attention.out:grad`, parameters `image:weight`, those
 * of the optimizer's gradient `image:weight:grad`. `*` stands for anything inside one part, `**` for any parts, `[0..3]` for several; commas part queries.
 */
import { StudioError } from '../../core/errors.ts';

export type TensorKind = 'activation' | 'weight';

export interface NamedTensor {
  /** `image.block[2].attention.out`, `image.block[2].attention.query.weight`. */
  name: string;
  kind: TensorKind;
}

export interface Wanted<T extends NamedTensor> {
  tensor: T;
  /** Its gradient is asked for, not its values. */
  gradient: boolean;
}

/** `image.blocks.2.mlp` as people write it: `image.block[2].mlp`. */
export const spoken = (path: string): string => path.replace(/(^|\.)blocks\.(\d+)/g, '$1block[$2]');

/** What a part of a name may be, as a pattern of regular expressions. */
function patternOf(text: string): RegExp {
  let source = '';
  for (const [piece] of text.matchAll(/\*\*|\*|\[\d+\.\.\d+\]|[^*[]+|\[/g)) {
    const range = /^\[(\d+)\.\.(\d+)\]$/.exec(piece);
    if (piece === '**') source += '.*';
    else if (piece === '*') source += '[^.\\]]*';
    else if (range) {
      const [low, high] = [Number(range[1]), Math.min(Number(range[2]), Number(range[1]) + 999)];
      source += `\\[(?:${Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i).join('|')})\\]`;
    } else source += piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }
  return new RegExp(`^(?:${source})$`, 'u');
}

/**
 * The tensors that a query means, each once, in the order of `tensors`.
 * @throws StudioError `query-unknown` with names that are close, where a part of the query means nothing
 */
export function findTensors<T extends NamedTensor>(query: string, tensors: readonly T[]): Wanted<T>[] {
  const found = new Map<string, Wanted<T>>();
  const parts = query
    .split(/[,\n;]/)
    .map((part) => part.trim())
    .filter(Boolean);
  for (const part of parts.length > 0 ? parts : [query]) {
    const [path, ...flags] = part.split(':').map((piece) => piece.trim());
    const odd = flags.find((flag) => !['grad', 'weight', 'out'].includes(flag));
    const pattern = patternOf(spoken(path));
    // Parameters are meant by what they are in too.
    const inside = patternOf(`${spoken(path)}.**`);
    const isWeight = ({ kind, name }: T) =>
      kind === 'weight' && (pattern.test(name) || (flags.includes('weight') && inside.test(name)));
    const isActivation = ({ kind, name }: T) =>
      kind === 'activation' && (pattern.test(name) || pattern.test(name.replace(/\.out$/, '')));
    const activations = flags.includes('weight') ? [] : tensors.filter(isActivation);
    const own = activations.length > 0 || flags.includes('out') ? activations : tensors.filter(isWeight);
    if (odd !== undefined || own.length === 0 || path === '')
      throw new StudioError('query-unknown', { query: part, near: near(path, tensors).join(', ') });
    const gradient = flags.includes('grad');
    for (const tensor of own) found.set(labelOf({ tensor, gradient }), { tensor, gradient });
  }
  const order = new Map(tensors.map((tensor, index) => [tensor, index]));
  return [...found.values()].sort((a, b) => (order.get(a.tensor) ?? 0) - (order.get(b.tensor) ?? 0));
}

/** As a query that means it alone. */
export const labelOf = ({ tensor, gradient }: Wanted<NamedTensor>): string =>
  gradient ? `${tensor.name}:grad` : tensor.name;

/** The names that hold what was asked, then those whose beginning takes the fewest changes of letters; of equals the shorter. */
export function near(path: string, tensors: readonly NamedTensor[], count = 3): string[] {
  const asked = spoken(path).toLowerCase();
  return tensors
    .map(({ name }) => {
      const own = name.toLowerCase();
      return { name, away: (own.includes(asked) ? -1 : distance(asked, own)) + own.length / 1000 };
    })
    .sort((a, b) => a.away - b.away)
    .slice(0, count)
    .map(({ name }) => name);
}

/** Letters to insert, drop or change to make `a` the beginning of `b` (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return Math.min(...row);
}
