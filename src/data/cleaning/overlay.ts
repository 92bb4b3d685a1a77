/**
 * Leaves out pictures that carry what looks like a watermark: edges that stand at the same place with the same direction in many pictures of the set.
 * Of each picture the gradient of its brightness is taken, every pixel's as a unit vector; over unrelated pictures their mean tends to nothing, under an overlay it does
 * not (after Dekel et al. 2017, “On the effectiveness of visible watermarks”, who take the median of gradients). Pixels whose mean is longer than chance allows are the
 * pattern, and a picture is judged by how well its own gradients agree with it there.
 */
import type { Dataset } from '../dataset.ts';
import { luma, pictureAt } from './pictures.ts';
import { type Drop, numberOf, type Rule, type Subject } from './rule.ts';

const side = 64;
/** Fewer pictures say nothing about what persists. */
const fewest = 20;
/** A gradient below this (of 255 a pixel) is noise and counts as none. */
const weak = 6;
/** Pixels that make a pattern at the least. */
const smallest = 24;

/** Unit gradients, x and y in turn, `2 × side × side`; zeros where there is no edge. */
function directions(dataset: Dataset, sample: number): Float32Array {
  const grey = luma(pictureAt(dataset, sample, side));
  const result = new Float32Array(2 * side * side);
  for (let y = 1; y < side - 1; y++)
    for (let x = 1; x < side - 1; x++) {
      const at = y * side + x;
      const dx = (grey[at + 1] - grey[at - 1]) / 2;
      const dy = (grey[at + side] - grey[at - side]) / 2;
      const length = Math.hypot(dx, dy);
      if (length < weak) continue;
      result[2 * at] = dx / length;
      result[2 * at + 1] = dy / length;
    }
  return result;
}

/** Agreement of each picture with what persists, −1 … 1; undefined where nothing does. */
async function agreements(
  { dataset, samples, pace }: Subject,
  share: number,
): Promise<Float64Array | undefined> {
  const sums = new Float64Array(2 * side * side);
  for (const [place, sample] of samples.entries()) {
    const unit = directions(dataset, sample);
    for (let i = 0; i < sums.length; i++) sums[i] += unit[i];
    if (place % 16 === 15) await pace(place / 2);
  }
  // Of n random unit vectors the mean is about 1 / √n long; four times that does not happen by chance.
  const least = Math.max(share, 4 / Math.sqrt(samples.length));
  const pattern: number[] = [];
  for (let at = 0; at < side * side; at++)
    if (Math.hypot(sums[2 * at], sums[2 * at + 1]) / samples.length >= least) pattern.push(at);
  if (pattern.length < smallest) return undefined;
  const result = new Float64Array(samples.length);
  for (const [place, sample] of samples.entries()) {
    const unit = directions(dataset, sample);
    let dot = 0;
    for (const at of pattern) {
      const length = Math.hypot(sums[2 * at], sums[2 * at + 1]);
      dot += (unit[2 * at] * sums[2 * at] + unit[2 * at + 1] * sums[2 * at + 1]) / length;
    }
    result[place] = dot / pattern.length;
    if (place % 16 === 15) await pace((samples.length + place) / 2);
  }
  return result;
}

export const overlay: Rule = {
  type: 'overlay',
  title: { en: 'Watermark-like overlay', zh: '类似水印的叠加' },
  summary: {
    en: 'Leaves out pictures with edges that stand at the same place in many pictures of the set. It misses marks that move or that few pictures have, and takes frames, or faces always at the same place, for marks. Needs 20 pictures.',
    zh: '去除在数据集中许多图片的同一位置都有相同边缘的图片。位置变化或只在少数图片中出现的水印会被漏掉；边框或总在同一位置的主体会被误认为水印。至少需要 20 张图片。',
  },
  measure: { en: 'agreement with the pattern', zh: '与图案的一致程度' },
  needs: 'image',
  fields: [
    {
      key: 'share',
      kind: 'number',
      label: { en: 'Persists in', zh: '出现比例' },
      help: {
        en: 'Of the pictures, about this share must have the same edge for it to count.',
        zh: '大约这一比例的图片须有相同的边缘才算作图案。',
      },
      default: 0.4,
      min: 0.1,
      max: 1,
      step: 0.05,
    },
    {
      key: 'agreement',
      kind: 'number',
      label: { en: 'Agreement', zh: '一致程度' },
      help: {
        en: 'A picture that agrees with the pattern as much as this is left out.',
        zh: '与图案的一致程度达到此值的图片会被去除。',
      },
      default: 0.6,
      min: 0.1,
      max: 1,
      step: 0.05,
    },
  ],
  async judge(subject, values) {
    if (subject.samples.length < fewest) return [];
    const found = await agreements(subject, numberOf(values, 'share'));
    const least = numberOf(values, 'agreement');
    const drops: Drop[] = [];
    for (const [place, sample] of subject.samples.entries())
      if (found && found[place] >= least) drops.push({ sample, figure: found[place] });
    return drops;
  },
};
