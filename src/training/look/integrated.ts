/**
 * Integrated gradients (Sundararajan et al. 2017, arXiv 1703.01365): along the line from nothing – the mean picture, the mean sound, the mean row, empty
 * embeddings – to the sample, in Gauss–Legendre steps. The credits of all modalities together are the answer less that of nothing (completeness).
 */
import type { Runner } from '../../engine/executor.ts';
import { gaussLegendre } from '../../evaluation/gaussLegendre.ts';
import { namesOfTokens } from '../tokens.ts';
import { type Credit, type Explanation, modalitiesOf, type Question, rows, runnerOf } from './explain.ts';

/** Steps to begin with, and at most: kinks (ReLU, maximum) take more. Multiples of `rows`. */
const fewest = 32;
const most = 256;
/** Share that the credits may miss. */
const allowed = 0.01;

export async function integrated(question: Question): Promise<Explanation> {
  const { inputs, unit } = question;
  const runner = await runnerOf(question, true);
  const scale = new Float32Array(rows);
  scale[0] = 1;
  const ends = await runner.run({ ...inputs, scale });
  const [value, nothing] = ends['value'];
  const whole = (value - nothing) * unit.scale;
  for (let steps = fewest; ; steps *= 2) {
    const means = await meanGradients(question, runner, steps);
    const credits = [...means].map(([modality, mean]): Credit => {
      const read = ends[`entered.${modality}.read`];
      const values = mean.map((slope, at) => slope * read[at] * unit.scale);
      return { ...placed(question, modality, values), total: values.reduce((a, b) => a + b, 0) };
    });
    const total = credits.reduce((sum, credit) => sum + (credit.total ?? 0), 0);
    const missed = Math.abs(total - whole) / Math.max(Math.abs(whole), 1e-12);
    if (missed > allowed && steps < most) continue;
    return {
      value: value * unit.scale + unit.offset,
      nothing: nothing * unit.scale + unit.offset,
      missed,
      credits,
    };
  }
}

/** Of each modality's inputs, along the line. */
async function meanGradients(
  question: Question,
  runner: Runner,
  steps: number,
): Promise<Map<string, Float64Array>> {
  // α = u³: a layer norm of what is nearly nothing changes fast, so that most steps belong near the beginning.
  const { nodes: u, weights: plain } = gaussLegendre(steps);
  const nodes = u.map((at) => at ** 3);
  const weights = plain.map((weight, k) => 3 * weight * u[k] ** 2);
  const means = new Map<string, Float64Array>();
  for (let from = 0; from < steps; from += rows) {
    const scale = Float32Array.from(nodes.subarray(from, from + rows));
    const part = await runner.run({ ...question.inputs, scale });
    for (const modality of modalitiesOf(question)) {
      const gradients = part[`entered.${modality}.gradient`];
      if (!gradients) continue;
      const size = gradients.length / rows;
      const mean = means.get(modality) ?? new Float64Array(size);
      for (let row = 0; row < rows; row++)
        for (let at = 0; at < size; at++) mean[at] += weights[from + row] * gradients[row * size + at];
      means.set(modality, mean);
    }
  }
  return means;
}

/** What an encoder read, summed over what has no place of its own: colours, and the numbers of an embedding. */
function placed({ model, pair }: Question, modality: string, values: Float64Array): Omit<Credit, 'total'> {
  const { data, recipe } = model;
  const summed = (width: number) =>
    Float32Array.from({ length: values.length / width }, (_, place) =>
      values.subarray(place * width, (place + 1) * width).reduce((a, b) => a + b, 0),
    );
  if (modality === 'image') return { modality, shape: [data.size, data.size], values: summed(3) };
  if (modality === 'text') {
    const { labels } = namesOfTokens(recipe, data, pair, modality, data.textLength);
    const all = summed(values.length / data.textLength);
    return { modality, shape: [labels.length], values: all.slice(0, labels.length), labels };
  }
  if (modality === 'audio') {
    const { frames = 0, bins = 1 } = data.sound ?? {};
    const length = data.sound?.lengths[data.pairs.sample[pair]] ?? frames;
    // Two frames are one token of the encoder (training/tokens.ts).
    const { pace } = namesOfTokens(recipe, data, pair, modality, Math.ceil(frames / 2));
    return {
      modality,
      shape: [length, bins],
      values: Float32Array.from(values.subarray(0, length * bins)),
      ...(pace !== undefined && { pace: pace / 2 }),
    };
  }
  const { steps: count = 1, columns = [] } = data.table ?? {};
  return { modality, shape: [count, columns.length], values: Float32Array.from(values), labels: columns };
}
