/** Diagrams of the fusions in which modalities meet as one vector each: two towers, late, low-rank, dynamic. */
import { Box, Gate, Line, middle, Operation, rows, Tokens, Vector } from './pieces.tsx';

export interface DrawingProps {
  /** At most three, in the recipe's order. */
  modalities: readonly string[];
}

/** Each modality through its own encoder to a vector at x = 116. */
function Towers({ modalities }: DrawingProps) {
  const heights = rows(modalities.length);
  return modalities.map((modality, row) => (
    <g key={modality}>
      <Tokens x={14} y={heights[row]} modality={modality} />
      <Line from={[44, heights[row]]} to={[110, heights[row]]} />
      <Box x={58} y={heights[row]} width={34} height={18} modality={modality} />
      <Vector x={116} y={heights[row]} modality={modality} />
    </g>
  ));
}

export function TwoTower({ modalities }: DrawingProps) {
  const heights = rows(modalities.length);
  return (
    <>
      <Towers modalities={modalities} />
      {heights.slice(1).map((y, row) => (
        <path
          key={y}
          d={`M126,${heights[row]}H156V${y}H126`}
          fill="none"
          stroke="var(--a-line-strong)"
          strokeWidth={1.2}
          strokeDasharray="3 3"
        />
      ))}
    </>
  );
}

export function Late({ modalities }: DrawingProps) {
  return (
    <>
      {rows(modalities.length).map((y) => (
        <Line key={y} from={[124, y]} to={[152, middle]} />
      ))}
      <Towers modalities={modalities} />
      <Operation x={156} y={middle} sign="plus" />
      <Line from={[164, middle]} to={[178, middle]} />
      <Vector x={186} y={middle} />
    </>
  );
}

export function LowRank({ modalities }: DrawingProps) {
  return (
    <>
      {rows(modalities.length).flatMap((y) =>
        [-14, 0, 14].map((rank) => (
          <Line key={`${y} ${rank}`} from={[124, y]} to={[150, middle + rank]} strength={0.2} />
        )),
      )}
      <Towers modalities={modalities} />
      {[-20, 0, 20].map((rank) => (
        <Operation key={rank} x={156} y={middle + rank} sign="times" />
      ))}
      <Line from={[165, middle]} to={[178, middle]} />
      <Vector x={187} y={middle} />
    </>
  );
}

export function Dynamic({ modalities }: DrawingProps) {
  const open = [1, 0.1, 0.55];
  return (
    <>
      {rows(modalities.length).map((y, row) => (
        <Line
          key={y}
          from={[124, y]}
          to={[178, middle]}
          strength={open[row]}
          dashed={row === 1 && modalities.length > 1}
        />
      ))}
      <Towers modalities={modalities} />
      {rows(modalities.length).map((y, row) => (
        <Gate key={y} x={138} y={y + (middle - y) * 0.16} open={open[row]} />
      ))}
      <Vector x={186} y={middle} />
    </>
  );
}
