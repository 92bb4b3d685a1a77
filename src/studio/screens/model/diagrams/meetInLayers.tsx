/** Diagrams of the fusions in which all tokens pass one Transformer, or streams that look at each other. */
import type { DrawingProps } from './meetAsVectors.tsx';
import { Box, Gate, Line, middle, rows, Tokens, Vector } from './pieces.tsx';

/** Tokens at the left, and their lines to x. */
function Sources({ modalities, to, at }: DrawingProps & { to: number; at?: (row: number) => number }) {
  const heights = rows(modalities.length);
  return modalities.map((modality, row) => (
    <g key={modality}>
      <Tokens x={12} y={heights[row]} modality={modality} />
      <Line from={[42, heights[row]]} to={[to, at?.(row) ?? heights[row]]} />
    </g>
  ));
}

/** One column of tokens of every modality, two each, at x. */
function Sequence({ modalities, x }: DrawingProps & { x: number }) {
  const gap = Math.min(13, 70 / (modalities.length * 2));
  const places = modalities.flatMap((modality) => [modality, modality]);
  return places.map((modality, place) => (
    <Tokens
      // biome-ignore lint/suspicious/noArrayIndexKey: tokens are their places
      key={place}
      x={x}
      y={middle + (place - (places.length - 1) / 2) * gap}
      modality={modality}
      count={1}
    />
  ));
}

function Out({ from }: { from: number }) {
  return (
    <>
      <Line from={[from, middle]} to={[178, middle]} />
      <Vector x={187} y={middle} />
    </>
  );
}

export function Early({ modalities }: DrawingProps) {
  return (
    <>
      <Sources modalities={modalities} to={70} />
      <Out from={150} />
      <Box x={70} y={middle} width={80} height={84} />
      <Sequence modalities={modalities} x={92} />
      <Sequence modalities={modalities} x={128} />
      {[-24, -8, 8, 24].flatMap((from) =>
        [-24, 8].map((to) => (
          <Line key={`${from} ${to}`} from={[98, middle + from]} to={[122, middle + to]} strength={0.05} />
        )),
      )}
    </>
  );
}

export function CoAttention({ modalities }: DrawingProps) {
  const heights = rows(modalities.length);
  return (
    <>
      <Sources modalities={modalities} to={62} />
      {heights.flatMap((from) =>
        heights.map((to) => (
          <Line key={`${from} ${to}`} from={[88, from]} to={[120, to]} strength={from === to ? 0.5 : 0.25} />
        )),
      )}
      {modalities.map((modality, row) => (
        <g key={modality}>
          <Box x={62} y={heights[row]} width={26} height={20} modality={modality} />
          <Box x={120} y={heights[row]} width={26} height={20} modality={modality} />
          <Line from={[146, heights[row]]} to={[178, middle]} />
        </g>
      ))}
      <Vector x={187} y={middle} />
    </>
  );
}

export function MidGated({ modalities }: DrawingProps) {
  const heights = rows(modalities.length);
  const open = [0.9, 0.25, 0.6];
  return (
    <>
      <Sources modalities={modalities} to={64} />
      <Out from={156} />
      <Box x={64} y={middle} width={92} height={84} />
      {heights.map((y, row) => (
        <g key={y}>
          <Line from={[72, y]} to={[148, y]} strength={open[row]} />
          <Gate x={110} y={y} open={open[row]} />
        </g>
      ))}
    </>
  );
}

export function Hierarchical({ modalities }: DrawingProps) {
  const heights = rows(modalities.length);
  return (
    <>
      <Sources modalities={modalities} to={56} />
      {heights.flatMap((from) =>
        heights.map((to) => <Line key={`${from} ${to}`} from={[74, from]} to={[92, to]} strength={0.2} />),
      )}
      {modalities.map((modality, row) => (
        <Box key={modality} x={56} y={heights[row]} width={18} height={18} modality={modality} />
      ))}
      <Box x={92} y={middle} width={30} height={72} />
      {heights.map((y, row) => (
        <g key={y}>
          <Gate x={107} y={y} open={[0.8, 0.3, 0.5][row]} />
          <Line from={[122, y]} to={[146, middle]} strength={0.3} />
        </g>
      ))}
      <Box x={146} y={middle} width={16} height={16} soft />
      <Out from={162} />
    </>
  );
}

export function MixtureOfExperts({ modalities }: DrawingProps) {
  const experts = [-33, -11, 11, 33];
  return (
    <>
      <Sources modalities={modalities} to={70} at={() => middle} />
      {experts.map((y, place) => (
        <g key={y}>
          <Line
            from={[82, middle]}
            to={[104, middle + y]}
            strength={place === 1 ? 0.9 : 0.05}
            dashed={place !== 1}
          />
          <Line
            from={[142, middle + y]}
            to={[178, middle]}
            strength={place === 1 ? 0.9 : 0.05}
            dashed={place !== 1}
          />
          <Box x={104} y={middle + y} width={38} height={16} soft={place !== 1} />
        </g>
      ))}
      <Gate x={76} y={middle} open={0.6} />
      <Vector x={187} y={middle} />
    </>
  );
}
