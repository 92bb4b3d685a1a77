/** Diagrams of the fusions in which a few learned vectors read the modalities: Perceiver, Q-Former, Flamingo. */
import type { DrawingProps } from './meetAsVectors.tsx';
import { Box, Gate, Line, middle, rows, Tokens, Vector } from './pieces.tsx';

/** A column of learned vectors. */
const Latents = ({ x, y, count = 4 }: { x: number; y: number; count?: number }) =>
  Array.from({ length: count }, (_, place) => (
    <circle
      // biome-ignore lint/suspicious/noArrayIndexKey: latents are their places
      key={place}
      cx={x}
      cy={y + (place - (count - 1) / 2) * 12}
      r={4}
      fill="var(--a-fused)"
    />
  ));

export function Perceiver({ modalities }: DrawingProps) {
  const heights = rows(modalities.length);
  return (
    <>
      {modalities.map((modality, row) => (
        <g key={modality}>
          <Tokens x={12} y={heights[row]} modality={modality} count={4} />
          {[-18, -6, 6, 18].map((to) => (
            <Line key={to} from={[52, heights[row]]} to={[100, middle + to]} strength={0.12} />
          ))}
        </g>
      ))}
      <Latents x={106} y={middle} />
      <Line from={[112, middle]} to={[178, middle]} />
      <Box x={126} y={middle} width={30} height={54} />
      <Vector x={187} y={middle} />
    </>
  );
}

/** The modality that is read word by word, below; the rest above. */
function withText(modalities: readonly string[]): { text: string; others: readonly string[] } {
  const text = modalities.includes('text') ? 'text' : (modalities.at(-1) ?? 'text');
  return { text, others: modalities.filter((modality) => modality !== text) };
}

export function QFormer({ modalities }: DrawingProps) {
  const { text, others } = withText(modalities);
  return (
    <>
      {others.map((modality, row) => (
        <g key={modality}>
          <Tokens x={12} y={16 + row * 18} modality={modality} />
          <Line from={[42, 16 + row * 18]} to={[112, 30]} strength={0.3} />
        </g>
      ))}
      <Latents x={56} y={56} count={3} />
      <Line from={[62, 56]} to={[84, 56]} />
      <Tokens x={12} y={82} modality={text} />
      <Line from={[42, 82]} to={[84, 74]} />
      <Box x={84} y={62} width={58} height={46} />
      <Box x={96} y={28} width={34} height={16} modality={others[0]} />
      <Line from={[142, 62]} to={[178, middle]} />
      <Vector x={187} y={middle} />
    </>
  );
}

export function Flamingo({ modalities }: DrawingProps) {
  const { text, others } = withText(modalities);
  return (
    <>
      {others.map((modality, row) => (
        <g key={modality}>
          <Tokens x={12} y={14 + row * 18} modality={modality} />
          <Line from={[42, 14 + row * 18]} to={[62, 22]} strength={0.3} />
        </g>
      ))}
      <Latents x={68} y={22} count={3} />
      <Line from={[74, 22]} to={[96, 44]} strength={0.3} />
      <Line from={[74, 22]} to={[138, 44]} strength={0.3} />
      <Tokens x={12} y={72} modality={text} />
      <Line from={[42, 72]} to={[178, 72]} />
      <Gate x={100} y={50} open={0.15} />
      <Gate x={142} y={50} open={0.15} />
      <path d="M100,57V64M142,57V64" stroke="var(--a-line-strong)" strokeWidth={1.4} />
      <Box x={86} y={72} width={28} height={18} modality={text} />
      <Box x={128} y={72} width={28} height={18} modality={text} />
      <Vector x={187} y={72} />
    </>
  );
}
