/** Draws the points of a map, with what is pointed at, selected and pinned; and finds points by place and direction. */
import { font } from '../../charts/axis.ts';
import { fillMark, traceMark } from '../../charts/marks.ts';
import type { Tokens } from '../../theme/tokens.ts';
import type { PointStyle } from './scene.ts';

/** What of the map is seen: `scale` 1 shows all. */
export interface Window {
  scale: number;
  x: number;
  y: number;
}

export const whole: Window = { scale: 1, x: 0, y: 0 };

export interface Drawing {
  /** Points × 2. */
  places: Float32Array;
  styles: readonly PointStyle[];
  names: { x: string; y: string };
  pointed?: number;
  /** Joined to the one that is pointed at. */
  partners: readonly number[];
  pinned: readonly number[];
  selected: ReadonlySet<number>;
  picture?: (point: number) => HTMLCanvasElement | undefined;
}

const margin = 26;
const radius = 3.6;

/** Places on the canvas, two numbers a point; one scale for both axes. */
export function project(places: Float32Array, width: number, height: number, { scale, x, y }: Window) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const [i, value] of places.entries()) {
    low[i % 2] = Math.min(low[i % 2], value);
    high[i % 2] = Math.max(high[i % 2], value);
  }
  const room = [width - 2 * margin, height - 2 * margin];
  const unit = Math.min(...[0, 1].map((axis) => room[axis] / (high[axis] - low[axis] || 1))) * scale;
  const middle = [width / 2 + x, height / 2 + y];
  return places.map((value, i) => {
    const axis = i % 2;
    return middle[axis] + (axis === 1 ? -1 : 1) * unit * (value - (low[axis] + high[axis]) / 2);
  });
}

export function paintMap(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  drawing: Drawing,
  view: Window,
  tokens: Tokens,
): void {
  const { places, styles, pointed, partners, pinned, selected, picture, names } = drawing;
  const at = project(places, width, height, view);
  const some = selected.size > 0;
  for (const [point, { color, mark }] of styles.entries()) {
    const [x, y] = [at[2 * point], at[2 * point + 1]];
    if (x < -20 || y < -20 || x > width + 20 || y > height + 20) continue;
    const small = picture?.(point);
    context.globalAlpha = some && !selected.has(point) ? 0.22 : small ? 1 : 0.82;
    if (small) {
      const side = 22 * Math.min(2, Math.sqrt(view.scale));
      context.drawImage(small, x - side / 2, y - side / 2, side, side);
    } else {
      context.fillStyle = color;
      fillMark(context, mark, radius, x, y);
    }
  }
  context.globalAlpha = 1;
  if (pointed !== undefined && pointed < styles.length) {
    context.strokeStyle = tokens.lineStrong;
    context.lineWidth = 1;
    for (const other of partners) {
      context.beginPath();
      context.moveTo(at[2 * pointed], at[2 * pointed + 1]);
      context.lineTo(at[2 * other], at[2 * other + 1]);
      context.stroke();
    }
    for (const point of [...partners, pointed]) ring(point, radius + 4, 1.8);
  }
  for (const point of pinned) ring(point, radius + 2.5, 2.4);
  context.font = font();
  name(names.x, width - 5, height - 6, 'right');
  name(names.y, 5, 14, 'left');

  /** Readable over points. */
  function name(text: string, x: number, y: number, align: CanvasTextAlign): void {
    context.textAlign = align;
    context.textBaseline = 'alphabetic';
    context.lineWidth = 4;
    context.lineJoin = 'round';
    context.strokeStyle = tokens.surface;
    context.strokeText(text, x, y);
    context.fillStyle = tokens.muted;
    context.fillText(text, x, y);
  }

  function ring(point: number, size: number, line: number): void {
    const [x, y] = [at[2 * point], at[2 * point + 1]];
    context.fillStyle = styles[point].color;
    fillMark(context, styles[point].mark, radius + 0.6, x, y);
    context.lineWidth = line;
    context.strokeStyle = tokens.ink;
    traceMark(context, 'circle', size, x, y);
    context.stroke();
  }
}

/** The point at a place of the canvas, within reach. */
export function pointAt(at: Float32Array, x: number, y: number, reach = 14): number | undefined {
  let best: number | undefined;
  let least = reach ** 2;
  for (let point = 0; point < at.length / 2; point++) {
    const away = (at[2 * point] - x) ** 2 + (at[2 * point + 1] - y) ** 2;
    if (away <= least) [best, least] = [point, away];
  }
  return best;
}

/** The nearest point in a direction: distance counts, and going aside counts double. */
export function pointToward(at: Float32Array, from: number, [dx, dy]: readonly [number, number]): number {
  let best = from;
  let least = Infinity;
  for (let point = 0; point < at.length / 2; point++) {
    const [x, y] = [at[2 * point] - at[2 * from], at[2 * point + 1] - at[2 * from + 1]];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy - y * dx);
    if (ahead <= 0.5 || aside > 2 * ahead) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [point, cost];
  }
  return best;
}

/** Points inside of a closed line (even–odd rule). */
export function pointsInside(at: Float32Array, line: readonly (readonly [number, number])[]): number[] {
  const inside = (x: number, y: number) => {
    let odd = false;
    for (const [i, [ax, ay]] of line.entries()) {
      const [bx, by] = line[(i + 1) % line.length];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) odd = !odd;
    }
    return odd;
  };
  return Array.from({ length: at.length / 2 }, (_, point) => point).filter((point) =>
    inside(at[2 * point], at[2 * point + 1]),
  );
}
