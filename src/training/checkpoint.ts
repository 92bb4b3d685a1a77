/** A checkpoint: weights and moments by parameter name in one safetensors file, with the step and the seconds trained. */
import { StudioError } from '../core/errors.ts';
import type { ParameterLayout } from '../engine/compile/layout.ts';
import type { BufferName, Weights } from '../engine/executor.ts';
import { readSafetensors, writeSafetensors } from '../interchange/safetensors.ts';
import { toFloat32 } from '../interchange/tensorTypes.ts';

const buffers = (moments: number): BufferName[] =>
  (['parameters', 'moment0', 'moment1'] as const).slice(0, 1 + moments);

/** The tensors of a flat buffer by parameter name. */
export function namedTensors(
  layout: ParameterLayout,
  flat: Float32Array,
): Map<string, { shape: number[]; values: Float32Array }> {
  return new Map(
    layout.entries.map(({ name, tensor, offset, size }) => [
      name,
      { shape: [...tensor.shape], values: flat.slice(offset, offset + size) },
    ]),
  );
}

/**
 * The flat buffer of named tensors.
 * @throws StudioError `checkpoint-invalid` naming the tensor that is missing or has another shape
 */
export function flatten(
  layout: ParameterLayout,
  tensors: ReadonlyMap<string, { shape: readonly number[]; values: Float32Array }>,
): Float32Array {
  const flat = new Float32Array(layout.total);
  for (const { name, tensor, offset, size } of layout.entries) {
    const found = tensors.get(name);
    if (!found) throw new StudioError('checkpoint-invalid', { message: `The tensor “${name}” is missing.` });
    if (found.values.length !== size || found.shape.join() !== tensor.shape.join())
      throw new StudioError('checkpoint-invalid', {
        message: `The tensor “${name}” is ${found.shape.join(' × ') || 'a scalar'}; this model needs ${tensor.shape.join(' × ') || 'a scalar'}.`,
      });
    flat.set(found.values, offset);
  }
  return flat;
}

export async function writeCheckpoint(
  weights: Weights,
  moments: number,
  step: number,
  seconds: number,
  scaling?: readonly number[],
): Promise<Uint8Array> {
  const tensors = new Map<string, { shape: number[]; values: Float32Array }>();
  for (const buffer of buffers(moments))
    for (const [name, tensor] of namedTensors(weights.layout, await weights.read(buffer)))
      tensors.set(`${buffer}/${name}`, tensor);
  return writeSafetensors(tensors, {
    step: String(step),
    seconds: String(seconds),
    ...(scaling ? { scaling: scaling.join() } : {}),
  });
}

/** @throws StudioError `safetensors-invalid`, `checkpoint-invalid`; the weights are then untouched */
export function readCheckpoint(
  bytes: Uint8Array,
  weights: Weights,
  moments: number,
): { step: number; seconds: number; scaling?: number[] } {
  const { tensors, metadata } = readSafetensors(bytes, 'checkpoint');
  // An imported model has weights only; its moments start at zero.
  const kept = buffers(moments).filter(
    (buffer) => buffer === 'parameters' || [...tensors.keys()].some((name) => name.startsWith(`${buffer}/`)),
  );
  const flats = kept.map((buffer) => {
    const own = [...tensors].flatMap(([name, tensor]) =>
      name.startsWith(`${buffer}/`)
        ? [[name.slice(buffer.length + 1), { shape: tensor.shape, values: toFloat32(tensor) }] as const]
        : [],
    );
    return [buffer, flatten(weights.layout, new Map(own))] as const;
  });
  for (const [buffer, flat] of flats) weights.write(buffer, flat);
  const scaling = metadata['scaling']?.split(',').map(Number);
  return {
    step: Number(metadata['step'] ?? 0),
    seconds: Number(metadata['seconds'] ?? 0),
    scaling: scaling?.length === 3 && scaling.every(Number.isFinite) ? scaling : undefined,
  };
}
