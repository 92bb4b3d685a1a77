/**
 * Parts of a model by the names of its parameters: `image.blocks.0.mlp.fc1.weight` belongs to the block `image.blocks.0` of the modality `image`. Groups
 * of settings and adapters name parts, or patterns of names.
 */
import { matches } from './pattern.ts';

/** `image.blocks.0.mlp.fc1.weight` → `image.blocks.0`; `image.patch.weight` → `image.patch`. */
export function blockOf(parameter: string): string {
  const parts = parameter.split('.');
  return parts[1] === 'blocks' ? parts.slice(0, 3).join('.') : parts.slice(0, 2).join('.');
}

/** The modality a block belongs to, `fusion` or `heads`; `other` for what is part of none (temperatures, weights of terms). */
export function modalityOf(block: string, modalities: readonly string[]): string {
  const [first, second = ''] = block.split('.');
  if (modalities.includes(first) || first === 'fusion') return first;
  return first === 'weighting' || second.startsWith('logit_') ? 'other' : 'heads';
}

/** Whether a pattern means a parameter: itself, its block, its modality, or the part of the model it belongs to (`heads`, `other`). */
export const means = (pattern: string, parameter: string, modalities: readonly string[]): boolean =>
  pattern === modalityOf(blockOf(parameter), modalities) || matches(pattern, parameter);

/** A parameter of a model: its name, its numbers, and whether gradients change it. */
export interface ParameterSize {
  name: string;
  size: number;
  trained: boolean;
}

export interface Part {
  /** What a group calls it: `image`, `fusion`, `heads`, `other`, `image.blocks.0`. */
  id: string;
  /** The modality, `fusion`, `heads` or `other` that a block is of. */
  of?: string;
  parameters: number;
}

/** The parts of a model in the order of their parameters, each modality before its blocks. */
export function partsOf(parameters: readonly ParameterSize[], modalities: readonly string[]): Part[] {
  const whole = new Map<string, Map<string, number>>();
  for (const { name, size } of parameters) {
    const block = blockOf(name);
    const of = modalityOf(block, modalities);
    const blocks = whole.get(of) ?? new Map<string, number>();
    whole.set(of, blocks.set(block, (blocks.get(block) ?? 0) + size));
  }
  const last = ['fusion', 'heads', 'other'];
  const order = [...modalities, ...last].filter((id) => whole.has(id));
  return order.flatMap((id) => {
    const blocks = [...whole.get(id)!];
    const total = blocks.reduce((sum, [, size]) => sum + size, 0);
    return [
      { id, parameters: total },
      ...blocks.map(([block, size]) => ({ id: block, of: id, parameters: size })),
    ];
  });
}

/** How many numbers of a model a pattern means. */
export const meant = (
  pattern: string,
  parameters: readonly ParameterSize[],
  modalities: readonly string[],
): number =>
  parameters.reduce((sum, { name, size }) => sum + (means(pattern, name, modalities) ? size : 0), 0);
