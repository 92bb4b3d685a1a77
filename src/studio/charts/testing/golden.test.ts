/** Golden pictures: what charts and panels draw of fixed numbers, in both schemes, as SVG files beside this one. Look at them when they change. */
import { describe, expect, test } from 'vitest';
import { type BlockRow, heightOf, paintBlocks } from '../../panels/blocks/paintBlocks.ts';
import { paintMap, whole } from '../../panels/embedding/paintMap.ts';
import type { Seen } from '../../panels/histogram/history.ts';
import { paintHistogram } from '../../panels/histogram/paintHistogram.ts';
import { type Tokens, tokens } from '../../theme/tokens.ts';
import { diverging, sequential } from '../colors.ts';
import { paintAgainst } from '../paintAgainst.ts';
import { type Matrix, paintCells } from '../paintCells.ts';
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

const norms = (block: string, weight: number, gradient: number) => ({
  block,
  of: block.split('.')[0],
  parameters: 100,
  weight,
  gradient,
});
const blocks: BlockRow[] = [
  { part: 'Image', of: 'image' },
  { of: 'image', norms: norms('image.blocks.0', 3.1, 2e-3) },
  { of: 'image', norms: norms('image.blocks.1', 2.9, 4e-11), verdict: 'vanishing' },
  { part: 'Text', of: 'text' },
  { of: 'text', norms: norms('text.embedding', 11, 0.3), verdict: 'exploding' },
];

/** Counts of a bell that grows wider. */
const seen = (at: number): Seen => ({
  step: at,
  histogram: {
    name: 'image.block[0].out',
    kind: 'activation',
    shape: [8, 16],
    count: 4000,
    zeros: 0,
    nonFinite: 0,
    mean: 0,
    deviation: 0.5,
    min: -2,
    max: 2,
    from: -2,
    to: 2,
    counts: Uint32Array.from({ length: 24 }, (_, bin) =>
      Math.round(400 * Math.exp(-(((bin - 11.5) / (2 + at / 40)) ** 2))),
    ),
  },
});

/** A ripple over rows and columns, 0 … 1. */
const ripple = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  values: Array.from(
    { length: rows * columns },
    (_, at) => (Math.sin(Math.floor(at / columns) * 1.3) * Math.cos((at % columns) * 0.9) + 1) / 2,
  ),
});
const same = (value: number) => value;

const pictures: Record<string, Paint> = {
  'panel-attention': (context, width, height, scheme) =>
    paintCells(
      context,
      width,
      height,
      ripple(6, 10),
      {
        scale: same,
        ramp: (share) => [scheme.scheme === 'dark' ? 8 : 250, 120, 120, 215 * (1 - share)],
        cell: { row: 1, column: 2 },
        marked: { row: 4, column: 7 },
      },
      scheme,
    ),
  'panel-similarity': (context, width, height, scheme) =>
    paintCells(
      context,
      width,
      height,
      ripple(8, 8),
      { scale: same, ramp: diverging, cell: { row: 3, column: 3 } },
      scheme,
    ),
  'panel-words': (context, width, height, scheme) =>
    paintCells(
      context,
      width,
      height,
      ripple(5, 9),
      { scale: same, ramp: sequential(scheme.scheme), cell: undefined },
      scheme,
    ),
  'panel-blocks': (context, width, _, scheme) =>
    paintBlocks(
      context,
      width,
      blocks,
      [
        { name: 'gradient', value: ({ gradient }) => gradient },
        { name: 'weight', value: ({ weight }) => weight },
      ],
      (value) => (value === undefined ? '' : value.toPrecision(2)),
      scheme,
    ),
  'panel-histogram': (context, width, height, scheme) =>
    paintHistogram(
      context,
      width,
      height,
      { seen: [20, 60, 100].map(seen), now: seen(100), log: false, color: scheme.image },
      scheme,
    ),
  'panel-map': (context, width, height, scheme) =>
    paintMap(
      context,
      width,
      height,
      {
        places: Float32Array.from({ length: 40 }, (_, i) => Math.sin(i * 1.7) + (i % 4 > 1 ? 0.8 : 0)),
        styles: Array.from({ length: 20 }, (_, point) =>
          point % 2 ? { color: scheme.text, mark: 'circle' } : { color: scheme.image, mark: 'square' },
        ),
        names: { x: 'component 1: 41 %', y: 'component 2: 17 %' },
        pointed: 4,
        partners: [5],
        pinned: [9],
        selected: new Set([4, 5, 9, 12]),
      },
      whole,
      scheme,
    ),
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

const heights: Record<string, number> = { dots: 3 * rowHeight + 30, 'panel-blocks': heightOf(blocks) };

describe.each(Object.entries(pictures))('%s', (name, paint) => {
  test.each(['light', 'dark'] as const)('%s', async (scheme) => {
    const [width, height] = [480, heights[name] ?? 260];
    const recorder = new SvgRecorder();
    paint(recorder as unknown as CanvasRenderingContext2D, width, height, tokens[scheme]);
    await expect(recorder.picture(name, width, height, tokens[scheme].surface)).toMatchFileSnapshot(
      `golden/${name}-${scheme}.svg`,
    );
  });
});
