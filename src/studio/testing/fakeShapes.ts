/** Small pictures of coloured shapes with captions, drawn from an index. */
import { random } from '../../core/random.ts';

const colors: Record<string, [number, number, number]> = {
  red: [214, 48, 49],
  green: [39, 158, 86],
  blue: [43, 98, 214],
  yellow: [240, 196, 25],
  purple: [134, 62, 168],
  white: [240, 240, 240],
};
const shapes = ['circle', 'square', 'triangle', 'ring'];
const sizes = { small: 0.22, large: 0.36 };

interface Shape {
  color: string;
  shape: string;
  size: keyof typeof sizes;
  x: number;
  y: number;
  ground: number;
}

function describe(index: number): Shape {
  const r = random('shape', index);
  return {
    color: r.pick(Object.keys(colors)),
    shape: r.pick(shapes),
    size: r.pick(['small', 'large'] as const),
    x: 0.32 + 0.36 * r.uniform(),
    y: 0.32 + 0.36 * r.uniform(),
    ground: 24 + 40 * r.uniform(),
  };
}

export function captionsOf(index: number): string[] {
  const { color, shape, size, x, y } = describe(index);
  const side = x < 0.5 ? 'left' : 'right';
  const height = y < 0.5 ? 'top' : 'bottom';
  return [`a ${size} ${color} ${shape}`, `one ${color} ${shape} near the ${height} ${side}`];
}

export function drawShape(index: number, size: number, target: Uint8Array, offset: number): void {
  const { color, shape, size: kind, x, y, ground } = describe(index);
  const radius = sizes[kind];
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const dx = (column + 0.5) / size - x;
      const dy = (row + 0.5) / size - y;
      const distance = Math.hypot(dx, dy);
      const inside =
        shape === 'circle'
          ? distance < radius
          : shape === 'ring'
            ? distance < radius && distance > radius * 0.55
            : shape === 'square'
              ? Math.max(Math.abs(dx), Math.abs(dy)) < radius * 0.85
              : dy < radius * 0.7 && dy > -radius + Math.abs(dx) * 1.8;
      const at = offset + (row * size + column) * 3;
      for (let c = 0; c < 3; c++) target[at + c] = inside ? colors[color][c] : ground + c * 3;
    }
}
