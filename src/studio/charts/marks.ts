/** The shapes that stand beside modality colours: as path data for SVG, and drawn on any canvas context. */
import type { Mark } from '../theme/tokens.ts';

/** Corners around the origin; none of a circle. */
function corners(mark: Mark, r: number): [number, number][] {
  const box = (x: number, y: number): [number, number][] => [
    [-x, -y],
    [x, -y],
    [x, y],
    [-x, y],
  ];
  switch (mark) {
    case 'square':
      return box(r * 0.85, r * 0.85);
    case 'wave':
      return box(r, r * 0.4);
    case 'circle':
      return [];
    case 'diamond':
      return [
        [0, -r * 1.2],
        [r * 1.2, 0],
        [0, r * 1.2],
        [-r * 1.2, 0],
      ];
    case 'triangle':
      return [
        [0, -r * 1.1],
        [r * 1.1, r * 0.9],
        [-r * 1.1, r * 0.9],
      ];
    case 'star':
      return Array.from({ length: 10 }, (_, i) => {
        const angle = (i * Math.PI) / 5 - Math.PI / 2;
        const size = i % 2 === 0 ? r * 1.3 : r * 0.55;
        return [size * Math.cos(angle), size * Math.sin(angle)];
      });
  }
}

export function markPath(mark: Mark, r: number): string {
  if (mark === 'circle') return `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
  return `M${corners(mark, r)
    .map((at) => at.map((value) => value.toFixed(2)).join(','))
    .join('L')}Z`;
}

/** The path of a mark around a place, to be filled or stroked. */
export function traceMark(context: CanvasRenderingContext2D, mark: Mark, r: number, x = 0, y = 0): void {
  context.beginPath();
  if (mark === 'circle') context.arc(x, y, r, 0, 2 * Math.PI);
  for (const [index, [dx, dy]] of corners(mark, r).entries())
    if (index === 0) context.moveTo(x + dx, y + dy);
    else context.lineTo(x + dx, y + dy);
  context.closePath();
}

export function fillMark(context: CanvasRenderingContext2D, mark: Mark, r: number, x = 0, y = 0): void {
  traceMark(context, mark, r, x, y);
  context.fill();
}
