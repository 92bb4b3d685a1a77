/** The shapes that stand beside modality colours, as path data for both SVG legends and Path2D on canvas. */
import type { Mark } from '../theme/tokens.ts';

export function markPath(mark: Mark, r: number): string {
  switch (mark) {
    case 'square':
      return `M${-r * 0.85},${-r * 0.85}h${r * 1.7}v${r * 1.7}h${-r * 1.7}Z`;
    case 'circle':
      return `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
    case 'diamond':
      return `M0,${-r * 1.2}L${r * 1.2},0L0,${r * 1.2}L${-r * 1.2},0Z`;
    case 'triangle':
      return `M0,${-r * 1.1}L${r * 1.1},${r * 0.9}L${-r * 1.1},${r * 0.9}Z`;
    case 'wave':
      return `M${-r},${-r * 0.4}h${r * 2}v${r * 0.8}h${-r * 2}Z`;
    case 'star': {
      const points = Array.from({ length: 10 }, (_, i) => {
        const angle = (i * Math.PI) / 5 - Math.PI / 2;
        const size = i % 2 === 0 ? r * 1.3 : r * 0.55;
        return `${(size * Math.cos(angle)).toFixed(2)},${(size * Math.sin(angle)).toFixed(2)}`;
      });
      return `M${points.join('L')}Z`;
    }
  }
}
