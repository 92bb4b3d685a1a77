/** How the names of parameters tell where in the model they are: `image.blocks.0.mlp.fc1.weight`. */

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
