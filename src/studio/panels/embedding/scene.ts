/** What is drawn of an embedding: colour and mark of each point by what is to be told apart, and the legend of it. */
import type { Embedding } from '../../../workers/api.ts';
import { cssOf, sequential } from '../../charts/colors.ts';
import type { Translate } from '../../i18n/index.ts';
import { type Mark, modalityStyle, type Tokens } from '../../theme/tokens.ts';
import { modalityName } from '../modalityName.ts';

export interface PointStyle {
  color: string;
  mark: Mark;
}

export interface Scene {
  styles: PointStyle[];
  legend: { name: string; style: PointStyle }[];
  /** Of losses: from the lowest to the highest colour. */
  ramp?: { from: number; to: number; colors: string[] };
}

const marks: Mark[] = ['circle', 'square', 'triangle', 'diamond', 'star', 'wave'];
/** More classes than these are no longer told apart by a legend. */
const mostNamed = 14;

export function sceneOf(result: Embedding, by: string, tokens: Tokens, t: Translate): Scene {
  const { kinds, kind, sample, samples } = result;
  const own = kinds.map((of): PointStyle => {
    const { color, mark } = modalityStyle(of);
    return { color: tokens[color], mark };
  });
  if (by === 'loss') return byLoss(result, own, tokens);
  if (by !== 'class' && by !== 'split')
    return {
      styles: Array.from(kind, (of) => own[of]),
      legend: kinds.map((of, i) => ({
        name: of === 'fused' ? t('modality.fused') : modalityName(t, of),
        style: own[i],
      })),
    };
  const nameOf = (point: number) => {
    const { target, split } = samples[sample[point]];
    return by === 'split' ? split : (target ?? t('embedding.unknown'));
  };
  const names = [...new Set(Array.from(kind.keys(), nameOf))].sort((a, b) =>
    a.localeCompare(b, undefined, { numeric: true }),
  );
  const colors = [...tokens.runs, tokens.image, tokens.text, tokens.audio, tokens.fused];
  const style = new Map(
    names.map((name, i): [string, PointStyle] => [
      name,
      { color: colors[i % colors.length], mark: marks[Math.floor(i / colors.length + i) % marks.length] },
    ]),
  );
  return {
    styles: Array.from(kind.keys(), (point) => style.get(nameOf(point)) ?? own[kind[point]]),
    legend: [...style].slice(0, mostNamed).map(([name, of]) => ({ name, style: of })),
  };
}

function byLoss({ kind, sample, samples }: Embedding, own: readonly PointStyle[], tokens: Tokens): Scene {
  const losses = samples.map(({ figure }) => figure).filter(Number.isFinite);
  // One that is far off would press all others into one colour.
  const sorted = losses.sort((a, b) => a - b);
  const from = sorted[0] ?? 0;
  const to = sorted[Math.floor(0.98 * (sorted.length - 1))] ?? 1;
  const ramp = sequential(tokens.scheme);
  const colorOf = (loss: number) =>
    Number.isFinite(loss) ? cssOf(ramp((loss - from) / (to - from || 1))) : tokens.line;
  return {
    styles: Array.from(kind, (of, point) => ({
      color: colorOf(samples[sample[point]].figure),
      mark: own[of].mark,
    })),
    legend: [],
    ramp: { from, to, colors: Array.from({ length: 9 }, (_, i) => cssOf(ramp(i / 8))) },
  };
}

/** The nearest points by cosine in the space of the model, nearest first. */
export function neighboursOf(
  { vectors, width, kind }: Embedding,
  point: number,
  count: number,
): { point: number; cosine: number }[] {
  const from = vectors.subarray(point * width, (point + 1) * width);
  return Array.from(kind, (_, other) => {
    let cosine = 0;
    for (let i = 0; i < width; i++) cosine += from[i] * vectors[other * width + i];
    return { point: other, cosine };
  })
    .filter((one) => one.point !== point)
    .sort((a, b) => b.cosine - a.cosine || a.point - b.point)
    .slice(0, count);
}
