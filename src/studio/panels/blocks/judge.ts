/** Which blocks are pulled by far too little or too much. */
import type { BlockNorms } from '../../../workers/api.ts';

export type Verdict = 'vanishing' | 'exploding';

/** Of the largest norm: below it a block learns nothing in 32 bits beside it. */
export const vanishingShare = 1e-7;
/** Times the median of the blocks. */
export const explodingTimes = 100;

/** A word for each block, undefined where all is well or nothing is known. */
export function judged(blocks: readonly BlockNorms[]): (Verdict | undefined)[] {
  const known = blocks
    .flatMap(({ gradient }) => (gradient !== undefined && Number.isFinite(gradient) ? [gradient] : []))
    .sort((a, b) => a - b);
  const largest = known.at(-1) ?? 0;
  const median = known[Math.floor(known.length / 2)] ?? 0;
  return blocks.map(({ gradient }) => {
    if (gradient === undefined) return undefined;
    if (!Number.isFinite(gradient)) return 'exploding';
    if (gradient < vanishingShare * largest) return 'vanishing';
    return known.length > 2 && median > 0 && gradient > explodingTimes * median ? 'exploding' : undefined;
  });
}
