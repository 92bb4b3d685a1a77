/** Golden pictures: what charts draw of fixed numbers, in both schemes, as SVG files beside this one. Look at them when they change. */
import { describe, expect, test } from 'vitest';
import { type Tokens, tokens } from '../../theme/tokens.ts';
import { paintAgainst } from '../paintAgainst.ts';
import { paintCursor } from '../paintCursor.ts';
import { type CurvesLook, paintCurves } from '../paintCurves.ts';
import { type Dot, paintDots, paintScatter, rowHeight } from '../paintDots.ts';
import { paintMarks, placeMarks } from '../paintMarks.ts';
import type { Series } from '../series.ts';
import { SvgRecorder } from './svgRecorder.ts';

type Paint = (context: CanvasRenderingContext2D, width: number, height: number, tokens: Tokens) => void;

/** Steps 1 … 200 of a loss that falls with a ripple and one spike. */
const step = Float64Array.from({ length: 200 }, (_, i) => i + 1);
const loss = step.map(
  (at) => 3.5 * Math.exp(-at / 70) + 0.25 * Math.sin(at / 3) ** 2 + (at === 120 ? 4 : 0) + 0.05,
);
const held = Float64Array.of(40, 80, 120, 160, 200);

function series(tokens: Tokens): Series[] {
  return [
    { key: 'loss', label: 'training', color: tokens.ink, dash: [], mark: 'circle', step, x: step, y: loss },
    {
      key: 'val.loss',
      label: 'validation',
      color: tokens.fused,
      dash: [7, 4],
      mark: 'star',
      sparse: true,
      step: held,
      x: held,
      y: held.map((at) => 3.4 * Math.exp(-at / 80) + 0.4),
    },
  ];
}

const look: CurvesLook = { log: false, smoothing: 0.6, xName: 'step', yName: 'loss' };
const curves =
  (own: Partial<CurvesLook>): Paint =>
  (context, width, height, scheme) => {
    const plot = paintCurves(context, width, height, series(scheme), { ...look, ...own }, scheme);
    if (!plot) throw new Error('nothing was drawn');
    const mark = { number: 1, step: 90, name: 'frozen', words: [], byHand: true };
    paintMarks(context, plot, placeMarks(plot, [mark]), scheme);
    paintCursor(context, plot, 120, true, scheme);
  };

const dots = ({ image, text, fused }: Tokens): Dot[] => [
  { name: 'early', mean: 0.71, spread: 0.02, x: 1.2, mark: 'circle', color: image },
  { name: 'co-attention', mean: 0.78, spread: 0.05, x: 2.4, mark: 'star', color: fused },
  { name: 'late, gated', mean: 0.64, spread: 0, x: 0.9, mark: 'triangle', color: text },
];
const percent = (value: number) => `${Math.round(100 * value)} %`;

const pictures: Record<string, Paint> = {
  curves: curves({}),
  'curves-log': curves({ log: true }),
  'curves-cut': curves({ cut: true }),
  'curves-part': curves({ span: { from: 60, to: 140 } }),
  dots: (context, width, _, scheme) => paintDots(context, width, dots(scheme), percent, scheme),
  scatter: (context, width, height, scheme) =>
    paintScatter(context, width, height, dots(scheme), { x: 'hours', y: 'accuracy', tickY: percent }, scheme),
  against: (context, width, height, scheme) =>
    paintAgainst(
      context,
      width,
      height,
      [
        { value: 1e-4, score: 0.4, spread: 0.02, kind: 'finished' },
        { value: 1e-3, score: 0.71, spread: 0.03, kind: 'best' },
        { value: 1e-2, score: 0.2, spread: 0, kind: 'stopped' },
      ],
      { x: 'rate', y: 'accuracy', tickY: percent },
      scheme,
    ),
};

describe.each(Object.entries(pictures))('%s', (name, paint) => {
  test.each(['light', 'dark'] as const)('%s', async (scheme) => {
    const [width, height] = [480, name === 'dots' ? 3 * rowHeight + 30 : 260];
    const recorder = new SvgRecorder();
    paint(recorder as unknown as CanvasRenderingContext2D, width, height, tokens[scheme]);
    await expect(recorder.picture(name, width, height, tokens[scheme].surface)).toMatchFileSnapshot(
      `golden/${name}-${scheme}.svg`,
    );
  });
});
