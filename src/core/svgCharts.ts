/**
 * Small charts as SVG text: lines, bars, a confusion matrix, a reliability diagram. The report (interchange/report.ts) writes them into its file, the page shows the same and saves them. Ink
 * follows whoever shows them: `currentColor` and the variables `--s0` … `--s5`. Both languages stand in them; style hides one.
 */
import type { ClassRow, Reliability } from './evaluation.ts';
import type { Text } from './fields.ts';

/** Okabe–Ito, on light and on dark; each has a dash of its own. */
export const chartInks = {
  light: ['#0072B2', '#D55E00', '#009E73', '#B1568B', '#2F8FC4', '#A86F00'],
  dark: ['#4FA3DC', '#E8823E', '#2FBF94', '#D993B8', '#7CC4EC', '#E69F00'],
};
const inks = chartInks.light.map((_, index) => `var(--s${index})`);
const dashes = ['', '6 3', '2 3', '8 3 2 3', '1 2', '10 4'];

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** How they look, given the colours: for a file of their own, and for the report. */
export const chartStyle = (scheme: 'light' | 'dark'): string =>
  chartInks[scheme].map((ink, index) => `--s${index}:${ink}`).join(';');

const words = (text: Text, attributes: string): string =>
  text.en === text.zh
    ? `<text ${attributes}>${escaped(text.en)}</text>`
    : `<text class="en" ${attributes}>${escaped(text.en)}</text><text class="zh" ${attributes}>${escaped(text.zh)}</text>`;

const short = (value: number) => String(Number(value.toPrecision(3)));

export interface Line {
  name: Text;
  points: { x: number; y: number; low?: number; high?: number }[];
}

/** Round numbers within a range, about five. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5 || 1;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((one) => one >= rough) ?? rough;
  const found: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(k * step);
  return found;
}

interface Look {
  x: Text;
  y: Text;
  tick?: (value: number) => string;
  /** A level to compare with. */
  level?: { value: number; name: Text };
  /** Points are marked. */
  marked?: boolean;
}

export function lineChart(
  lines: readonly Line[],
  { x, y, tick = short, level, marked = false }: Look,
): string {
  const [width, height, left, bottom, top] = [460, 250, 58, 42, 18];
  const points = lines.flatMap((line) => line.points).filter((point) => Number.isFinite(point.y));
  if (points.length === 0) return '';
  const ys = points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]);
  if (level) ys.push(level.value);
  const spread = Math.max(...ys) - Math.min(...ys) || Math.abs(ys[0]) || 1;
  const [y0, y1] = [Math.min(...ys) - spread * 0.05, Math.max(...ys) + spread * 0.05];
  const xs = points.map((point) => point.x);
  const [x0, x1] = [
    Math.min(...xs),
    Math.max(...xs) > Math.min(...xs) ? Math.max(...xs) : Math.min(...xs) + 1,
  ];
  const atX = (value: number) => left + ((value - x0) / (x1 - x0)) * (width - left - 12);
  const atY = (value: number) => height - bottom - ((value - y0) / (y1 - y0)) * (height - bottom - top);
  const parts: string[] = [];
  for (const value of ticks(y0, y1))
    parts.push(
      `<line class="grid" x1="${left}" x2="${width - 12}" y1="${atY(value).toFixed(1)}" y2="${atY(value).toFixed(1)}"/><text x="${left - 6}" y="${(atY(value) + 4).toFixed(1)}" text-anchor="end">${escaped(tick(value))}</text>`,
    );
  for (const value of ticks(x0, x1))
    parts.push(
      `<text x="${atX(value).toFixed(1)}" y="${height - bottom + 16}" text-anchor="middle">${short(value)}</text>`,
    );
  if (level)
    parts.push(
      `<line class="level" x1="${left}" x2="${width - 12}" y1="${atY(level.value).toFixed(1)}" y2="${atY(level.value).toFixed(1)}"/>`,
      words(
        { en: `- - ${level.name.en}`, zh: `- - ${level.name.zh}` },
        `x="${width - 12}" y="10" text-anchor="end"`,
      ),
    );
  for (const [index, line] of lines.entries()) {
    const [ink, dash] = [inks[index % inks.length], dashes[index % dashes.length]];
    const known = line.points.filter((point) => Number.isFinite(point.y));
    for (const point of known)
      if (point.low !== undefined && point.high !== undefined)
        parts.push(
          `<line style="stroke:${ink}" stroke-opacity="0.5" x1="${atX(point.x).toFixed(1)}" x2="${atX(point.x).toFixed(1)}" y1="${atY(point.low).toFixed(1)}" y2="${atY(point.high).toFixed(1)}"/>`,
        );
    const path = known.map((point) => `${atX(point.x).toFixed(1)},${atY(point.y).toFixed(1)}`).join(' ');
    parts.push(
      `<polyline fill="none" style="stroke:${ink}" stroke-width="2" stroke-dasharray="${dash}" points="${path}"/>`,
    );
    if (marked)
      for (const point of known)
        parts.push(
          `<circle style="fill:${ink}" r="3" cx="${atX(point.x).toFixed(1)}" cy="${atY(point.y).toFixed(1)}"/>`,
        );
  }
  parts.push(words(x, `x="${(left + width) / 2}" y="${height - 6}" text-anchor="middle"`));
  parts.push(
    words(y, `transform="translate(13 ${(height - bottom + top) / 2}) rotate(-90)" text-anchor="middle"`),
  );
  const legend =
    lines.length > 1
      ? `<p class="legend">${lines
          .map(
            ({ name }, index) =>
              `<span><svg width="26" height="8" aria-hidden="true"><line x1="0" x2="26" y1="4" y2="4" style="stroke:${inks[index % inks.length]}" stroke-width="2" stroke-dasharray="${dashes[index % dashes.length]}"/></svg> <span class="en">${escaped(name.en)}</span><span class="zh">${escaped(name.zh)}</span></span>`,
          )
          .join('')}</p>`
      : '';
  return `${legend}<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`${y.en} / ${x.en}`)}">${parts.join('')}</svg>`;
}

export interface BarRow {
  name: Text;
  value: number;
  low?: number;
  high?: number;
  text: string;
  strong?: boolean;
}

/** Bars from 0 with their intervals. @param chance a level across all of them */
export function barChart(rows: readonly BarRow[], chance?: number): string {
  const [width, each, left, right] = [460, 26, 150, 84];
  const height = rows.length * each + 8;
  const most = Math.max(1e-12, ...rows.map(({ value, high }) => Math.max(value, high ?? value)), chance ?? 0);
  const at = (value: number) => left + (Math.max(0, value) / most) * (width - left - right);
  const parts = rows.map(({ name, value, low, high, text, strong }, index) => {
    const y = index * each + 4;
    const interval =
      low !== undefined && high !== undefined
        ? `<line stroke="currentColor" x1="${at(low).toFixed(1)}" x2="${at(high).toFixed(1)}" y1="${y + 10}" y2="${y + 10}"/>`
        : '';
    return `${words(name, `x="${left - 8}" y="${y + 14}" text-anchor="end"`)}<rect x="${left}" y="${y + 2}" width="${(at(value) - left).toFixed(1)}" height="16" style="fill:${strong ? inks[0] : '#9aa4b2'}"/>${interval}<text x="${width - right + 8}" y="${y + 14}">${escaped(text)}</text>`;
  });
  const level =
    chance !== undefined
      ? `<line class="level" x1="${at(chance).toFixed(1)}" x2="${at(chance).toFixed(1)}" y1="0" y2="${height}"/>`
      : '';
  return `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(rows.map(({ name, text }) => `${name.en} ${text}`).join('; '))}">${parts.join('')}${level}</svg>`;
}

/** Rows are the truth; a cell is as dark as its share of the row. Up to 60 classes. */
export function confusionChart(matrix: readonly number[], classes: readonly ClassRow[]): string {
  const count = classes.length;
  const cell = Math.max(6, Math.min(30, 420 / count));
  const cut = (name: string) => (name.length > 18 ? `${name.slice(0, 17)}…` : name);
  const longest = Math.max(0, ...classes.map(({ name }) => cut(name).length));
  // Names of answers stand upright above their columns.
  const [left, top] = [130, 24 + (cell >= 9 ? 6 * longest + 8 : 0)];
  const parts: string[] = [];
  for (let row = 0; row < count; row++) {
    const total = matrix.slice(row * count, (row + 1) * count).reduce((a, b) => a + b, 0);
    if (cell >= 9) {
      const name = escaped(cut(classes[row].name));
      const size = `font-size="${Math.min(11, cell)}"`;
      const across = left + (row + 0.5) * cell + 4;
      parts.push(
        `<text ${size} x="${left - 6}" y="${top + (row + 0.5) * cell + 4}" text-anchor="end">${name}</text>`,
        `<text ${size} transform="translate(${across} ${top - 6}) rotate(-90)">${name}</text>`,
      );
    }
    for (let column = 0; column < count; column++) {
      const value = matrix[row * count + column];
      if (value === 0) continue;
      const share = value / total;
      const place = `x="${left + column * cell}" y="${top + row * cell}"`;
      parts.push(
        `<rect ${place} width="${cell}" height="${cell}" style="fill:${row === column ? inks[0] : inks[1]}" fill-opacity="${(0.12 + 0.88 * share).toFixed(2)}"><title>${escaped(`${classes[row].name} → ${classes[column].name}: ${value}`)}</title></rect>`,
      );
      if (cell >= 18)
        parts.push(
          `<text x="${left + (column + 0.5) * cell}" y="${top + (row + 0.5) * cell + 4}" text-anchor="middle" ${share > 0.5 ? 'style="fill:#fff"' : ''}>${value}</text>`,
        );
    }
  }
  const side = count * cell;
  parts.push(`<rect class="frame" x="${left}" y="${top}" width="${side}" height="${side}"/>`);
  parts.push(words({ en: 'answer →', zh: '回答 →' }, `x="${left}" y="14"`));
  parts.push(words({ en: '↓ truth', zh: '↓ 标注' }, `x="${left - 6}" y="14" text-anchor="end"`));
  return `<svg class="chart" viewBox="0 0 ${left + side + 8} ${top + side + 8}" role="img" aria-label="confusion matrix">${parts.join('')}</svg>`;
}

/** Accuracy of each bin against its sureness; on the diagonal a model is as sure as it is right. */
export function reliabilityChart(bins: readonly Reliability[]): string {
  const [size, left, bottom] = [250, 50, 42];
  const at = (share: number) => left + share * (size - left - 12);
  const up = (share: number) => size - bottom - share * (size - bottom - 12);
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const parts = bins
    .filter(({ count }) => count > 0)
    .map(
      ({ from, to, accuracy, confidence, count }) =>
        `<rect x="${(at(from) + 1).toFixed(1)}" y="${up(accuracy).toFixed(1)}" width="${(at(to) - at(from) - 2).toFixed(1)}" height="${(up(0) - up(accuracy)).toFixed(1)}" style="fill:${inks[0]}" fill-opacity="${(0.25 + (0.75 * count) / total).toFixed(2)}"><title>${(100 * accuracy).toFixed(1)} % / ${(100 * confidence).toFixed(1)} % (${count})</title></rect>`,
    );
  for (const share of [0, 0.5, 1])
    parts.push(
      `<text x="${at(share)}" y="${size - bottom + 16}" text-anchor="middle">${share}</text><text x="${left - 6}" y="${up(share) + 4}" text-anchor="end">${share}</text>`,
    );
  parts.push(
    `<line class="level" x1="${at(0)}" y1="${up(0)}" x2="${at(1)}" y2="${up(1)}"/>`,
    words({ en: 'sureness', zh: '置信度' }, `x="${at(0.5)}" y="${size - 6}" text-anchor="middle"`),
    words(
      { en: 'share right', zh: '正确比例' },
      `transform="translate(13 ${up(0.5)}) rotate(-90)" text-anchor="middle"`,
    ),
  );
  return `<svg class="chart small" viewBox="0 0 ${size} ${size}" role="img" aria-label="reliability">${parts.join('')}</svg>`;
}
