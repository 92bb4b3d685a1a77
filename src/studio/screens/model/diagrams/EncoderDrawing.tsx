/** The small diagram of an encoder: how its input becomes tokens, and what they pass. */
import type { ReactNode } from 'react';
import { Box, Drawing, Line, middle, Tokens, Vector } from './pieces.tsx';

/** A grid of cells, as a picture's patches or a table's rows. */
const Grid = ({ columns, side, tall = side }: { columns: number; side: number; tall?: number }) =>
  Array.from({ length: columns * columns }, (_, cell) => {
    const x = 12 + (cell % columns) * (side + 2);
    const y = middle - (columns * (tall + 2)) / 2 + Math.floor(cell / columns) * (tall + 2);
    return (
      <rect
        key={`${x} ${y}`}
        x={x}
        y={y}
        width={side}
        height={tall}
        fill="none"
        stroke="var(--a-line-strong)"
      />
    );
  });

/** Tokens through blocks to one vector. */
const Stack = ({ modality }: { modality: string }) => (
  <>
    <Line from={[60, middle]} to={[180, middle]} />
    <Tokens x={70} y={middle} modality={modality} />
    {[108, 132].map((x) => (
      <Box key={x} x={x} y={middle} width={18} height={52} modality={modality} />
    ))}
    <Vector x={182} y={middle} modality={modality} />
  </>
);

const wave = Array.from({ length: 45 }, (_, x) => {
  const height = Math.sin(x / 2.2) * 22 * Math.sin(((x + 4) / 52) * Math.PI);
  return `${x === 0 ? 'M' : 'L'}${12 + x},${(middle + height).toFixed(1)}`;
}).join('');

const drawings: Record<string, ReactNode> = {
  vit: (
    <>
      <Grid columns={3} side={13} />
      <Stack modality="image" />
    </>
  ),
  cnn: (
    <>
      <Line from={[30, middle]} to={[180, middle]} />
      {[
        [12, 60],
        [62, 42],
        [106, 28],
        [142, 16],
      ].map(([x, height]) => (
        <Box key={x} x={x} y={middle} width={height * 0.55} height={height} modality="image" />
      ))}
      <Vector x={182} y={middle} modality="image" />
    </>
  ),
  transformer: (
    <>
      {[0, 1, 2].map((line) => (
        <path
          key={line}
          d={`M12,${middle - 14 + line * 14}h${[42, 34, 24][line]}`}
          stroke="var(--a-line-strong)"
          strokeWidth={4}
          strokeDasharray="9 4"
        />
      ))}
      <Stack modality="text" />
    </>
  ),
  audio: (
    <>
      <path d={wave} fill="none" stroke="var(--a-line-strong)" strokeWidth={1.3} />
      <Stack modality="audio" />
    </>
  ),
  table: (
    <>
      <Grid columns={3} side={13} tall={8} />
      <Stack modality="table" />
    </>
  ),
};

export function EncoderDrawing({ type }: { type: string }) {
  const inside = drawings[type];
  return inside ? <Drawing>{inside}</Drawing> : null;
}
