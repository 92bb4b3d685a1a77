/** The extents of a model that the data decides. */

/**
 * Logits of a head over tokens: the vocabulary, up to a multiple of four so that kernels read four at once. No label names the few more, and nothing
 * chooses them.
 */
export const tokenLogits = ({ vocabulary }: { vocabulary: number }): number => 4 * Math.ceil(vocabulary / 4);

export interface ModelShape {
  batch: number;
  imageSize: number;
  textLength: number;
  vocabulary: number;
  /** Ids that mean something by themselves. */
  tokens?: { pad: number; start: number; end: number; mask: number };
  /** Pictures come as bytes that lie on the device, at most so many; else as floats with every step. */
  pictures?: { capacity: number };
  /** Pictures are altered after they are read: how far a blur looks, at most. */
  alter?: { reach: number };
  sound?: { frames: number; bins: number };
  table?: { steps: number; columns: number };
  target?: { kind: 'class' | 'labels' | 'number'; classes: number };
  /** Modalities that some samples lack: these have an input `present.<modality>`. */
  missing?: string[];
  /** Micro-batches of a step whose unit vectors lie on the device, for contrast between all its rows (models/across.ts). */
  cached?: number;
  /** Modalities that no sample of the batch has: not computed at all. */
  absent?: string[];
  /** Modalities whose encoder training does not compute: its features are inputs (models/heldTower.ts). */
  held?: string[];
}
