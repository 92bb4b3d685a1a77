/** The mark of a modality in its colour: shape and hue together, so that neither is the only cue. */
import type { Mark } from '../theme/tokens.ts';
import { modalityStyle } from '../theme/tokens.ts';

const paths: Record<Mark, string> = {
  square: 'M2 2h8v8H2z',
  circle: 'M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z',
  diamond: 'M6 .8 11.2 6 6 11.2 .8 6z',
  triangle: 'M6 1.2 11.2 10.6H.8z',
  star: 'M6 .6 7.6 4.2 11.4 4.6 8.6 7.2 9.4 11 6 9.1 2.6 11 3.4 7.2 .6 4.6 4.4 4.2z',
  wave: 'M.5 6C2 1 4 1 6 6s4 5 5.500 0l-1.500-.5C9 9 8 9 6.800 5.500 4.500-.5 1.500-.5 0 5.500z',
};

export function Glyph({ modality, size = 12 }: { modality: string | undefined; size?: number }) {
  const style = modalityStyle(modality);
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" style={{ flex: 'none' }}>
      <path d={paths[style.mark]} fill={`var(--a-${style.color})`} />
    </svg>
  );
}
