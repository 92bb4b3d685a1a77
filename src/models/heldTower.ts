/**
 * Frozen encoders whose features are kept (training/heldTowers.ts). In the training graph two inputs stand for such a tower:
 *   held.<modality>.pooled [B, shared width], held.<modality>.tokens [B, N, token width]
 * of which only those stay that something reads. The tower is built all the same and computed by nobody: so its parameters keep their places and
 * initial values, and checkpoints and exports are what they were. Masks come from the data, as ever.
 * models/features.ts computes what the inputs hold.
 */
import type { Shape, Tensor } from '../engine/graph/tensor.ts';
import type { Encoded } from './definition.ts';

export const featureNames = ['pooled', 'tokens'] as const;
export type FeatureName = (typeof featureNames)[number];

export const heldInput = (modality: string, name: FeatureName): string => `held.${modality}.${name}`;

/** What of a model stands in for a tower. */
interface Parts {
  standIns: Map<Tensor, Tensor>;
  input(name: string, shape: Shape): Tensor;
}

/** The inputs in place of what a tower gives. */
export function heldTower({ standIns, input }: Parts, modality: string, encoded: Encoded): Encoded {
  const standIn = (name: FeatureName) => {
    const made = input(heldInput(modality, name), encoded[name].shape);
    standIns.set(made, encoded[name]);
    return made;
  };
  return { pooled: standIn('pooled'), tokens: standIn('tokens'), keep: encoded.keep };
}
