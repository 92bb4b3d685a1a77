/** How the tokens of a modality are shared among experts. */
import type { AxisPart, FusionProbe } from '../../../workers/api.ts';

/** Share of a modality's tokens whose largest weight is each expert's; `dropped` were answered by none. */
export function loadOf(
  { shape, values }: FusionProbe,
  part: AxisPart,
): { shares: number[]; dropped: number } {
  const [, experts] = shape;
  const count = Array<number>(experts).fill(0);
  let dropped = 0;
  for (let token = part.from; token < part.from + part.labels.length; token++) {
    const row = values.subarray(token * experts, (token + 1) * experts);
    const best = row.reduce((top, value, index) => (value > row[top] ? index : top), 0);
    if (row[best] > 0) count[best]++;
    else dropped++;
  }
  const total = Math.max(1, part.labels.length);
  return { shares: count.map((one) => one / total), dropped: dropped / total };
}
