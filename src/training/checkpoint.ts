/**
 * A checkpoint: weights, moments and running average by parameter name in one safetensors file, with the step, the seconds trained, and what schedules and
 * methods remember.
 */
import { StudioError } from '../core/errors.ts';
import type { ParameterLayout } from '../engine/compile/layout.ts';
import type { BufferName, Weights } from '../engine/executor.ts';
import { readSafetensors, writeSafetensors } from '../interchange/safetensors.ts';
import { toFloat32 } from '../interchange/tensorTypes.ts';

/** Parameters first: a running average starts anew when they are written. */
const buffers = (moments: number, average: boolean): BufferName[] => [
  ...(['parameters', 'moment0', 'moment1'] as const).slice(0, 1 + moments),
  ...(average ? (['average'] as const) : []),
];

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
 * @param base holds what may be missing, for models that grew
 * @throws StudioError `checkpoint-invalid` naming the tensor that is missing or has another shape
 */
export function flatten(
  layout: ParameterLayout,
  tensors: ReadonlyMap<string, { shape: readonly number[]; values: Float32Array }>,
  base?: Float32Array,
): Float32Array {
  const flat = base?.slice() ?? new Float32Array(layout.total);
  for (const { name, tensor, offset, size } of layout.entries) {
    const found = tensors.get(name);
    if (!found && base) continue;
    if (!found) throw new StudioError('checkpoint-invalid', { message: `The tensor “${name}” is missing.` });
    if (found.values.length !== size || found.shape.join() !== tensor.shape.join())
      throw new StudioError('checkpoint-invalid', {
        message: `The tensor “${name}” is ${found.shape.join(' × ') || 'a scalar'}; this model needs ${tensor.shape.join(' × ') || 'a scalar'}.`,
      });
    flat.set(found.values, offset);
  }
  return flat;
}

export interface CheckpointState {
  step: number;
  seconds: number;
  scaling?: readonly number[];
  /** Of schedules and methods, as JSON. */
  memory?: unknown;
}

export async function writeCheckpoint(
  weights: Weights,
  kept: { moments: number; average?: boolean },
  { step, seconds, scaling, memory }: CheckpointState,
): Promise<Uint8Array> {
  const tensors = new Map<string, { shape: number[]; values: Float32Array }>();
  for (const buffer of buffers(kept.moments, kept.average ?? false))
    for (const [name, tensor] of namedTensors(weights.layout, await weights.read(buffer)))
      tensors.set(`${buffer}/${name}`, tensor);
  return writeSafetensors(tensors, {
    step: String(step),
    seconds: String(seconds),
    ...(scaling ? { scaling: scaling.join() } : {}),
    ...(memory === undefined ? {} : { memory: JSON.stringify(memory) }),
  });
}

/** Steps done when a checkpoint was written. @throws StudioError `safetensors-invalid` */
export const checkpointStep = (bytes: Uint8Array): number =>
  Number(readSafetensors(bytes, 'checkpoint').metadata['step'] ?? 0);

/**
 * @param kept `base`: parameters that hold where the checkpoint has none, for models that grew since
 * @throws StudioError `safetensors-invalid`, `checkpoint-invalid`; the weights are then untouched
 */
export function readCheckpoint(
  bytes: Uint8Array,
  weights: Weights,
  { moments, average = false, base }: { moments: number; average?: boolean; base?: Float32Array },
): CheckpointState & { scaling?: number[] } {
  const { tensors, metadata } = readSafetensors(bytes, 'checkpoint');
  // An imported model has weights only; its moments start at zero.
  const kept = buffers(moments, average).filter(
    (buffer) => buffer === 'parameters' || [...tensors.keys()].some((name) => name.startsWith(`${buffer}/`)),
  );
  const flats = kept.map((buffer) => {
    const own = [...tensors].flatMap(([name, tensor]) =>
      name.startsWith(`${buffer}/`)
        ? [[name.slice(buffer.length + 1), { shape: tensor.shape, values: toFloat32(tensor) }] as const]
        : [],
    );
    const start = base && (buffer.startsWith('moment') ? new Float32Array(base.length) : base);
    return [buffer, flatten(weights.layout, new Map(own), start)] as const;
  });
  for (const [buffer, flat] of flats) weights.write(buffer, flat);
  const scaling = metadata['scaling']?.split(',').map(Number);
  return {
    step: Number(metadata['step'] ?? 0),
    seconds: Number(metadata['seconds'] ?? 0),
    scaling: scaling?.length === 3 && scaling.every(Number.isFinite) ? scaling : undefined,
    memory: metadata['memory'] === undefined ? undefined : JSON.parse(metadata['memory']),
  };
}
