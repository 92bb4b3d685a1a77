/**
 * A canvas context that writes down what is drawn on it as SVG text: the golden pictures of charts (golden.test.ts). Only what charts use; letters are as wide as
 * 0.55 of their size, so that pictures are the same on every machine. The page saves SVG by a library; this one needs no browser.
 */

interface Style {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  globalAlpha: number;
  font: string;
  textAlign: string;
  textBaseline: string;
  dash: readonly number[];
  x: number;
  y: number;
  turn: number;
  clip: string;
}

const number = (value: number) => String(Math.round(value * 10) / 10);
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const anchors: Record<string, string> = {
  left: 'start',
  start: 'start',
  center: 'middle',
  right: 'end',
  end: 'end',
};
const baselines: Record<string, string> = {
  top: 'hanging',
  middle: 'central',
  bottom: 'text-after-edge',
  alphabetic: 'auto',
};

export class SvgRecorder {
  private readonly lines: string[] = [];
  private readonly stack: Style[] = [];
  private path: string[] = [];
  private clips = 0;
  private style: Style = {
    fillStyle: '#000',
    strokeStyle: '#000',
    lineWidth: 1,
    globalAlpha: 1,
    font: '10px sans-serif',
    textAlign: 'start',
    textBaseline: 'alphabetic',
    dash: [],
    x: 0,
    y: 0,
    turn: 0,
    clip: '',
  };
  lineJoin = 'miter';

  get fillStyle() {
    return this.style.fillStyle;
  }
  set fillStyle(value: string) {
    this.style.fillStyle = value;
  }
  get strokeStyle() {
    return this.style.strokeStyle;
  }
  set strokeStyle(value: string) {
    this.style.strokeStyle = value;
  }
  get lineWidth() {
    return this.style.lineWidth;
  }
  set lineWidth(value: number) {
    this.style.lineWidth = value;
  }
  get globalAlpha() {
    return this.style.globalAlpha;
  }
  set globalAlpha(value: number) {
    this.style.globalAlpha = value;
  }
  get font() {
    return this.style.font;
  }
  set font(value: string) {
    this.style.font = value;
  }
  get textAlign() {
    return this.style.textAlign;
  }
  set textAlign(value: string) {
    this.style.textAlign = value;
  }
  get textBaseline() {
    return this.style.textBaseline;
  }
  set textBaseline(value: string) {
    this.style.textBaseline = value;
  }

  save(): void {
    this.stack.push({ ...this.style });
  }
  restore(): void {
    this.style = this.stack.pop() ?? this.style;
  }
  setLineDash(dash: readonly number[]): void {
    this.style.dash = dash;
  }
  translate(x: number, y: number): void {
    this.style.x += x;
    this.style.y += y;
  }
  /** After a translation to the place that is turned around. */
  rotate(angle: number): void {
    this.style.turn += (angle * 180) / Math.PI;
  }

  beginPath(): void {
    this.path = [];
  }
  private at(x: number, y: number): string {
    return `${number(x + this.style.x)},${number(y + this.style.y)}`;
  }
  moveTo(x: number, y: number): void {
    this.path.push(`M${this.at(x, y)}`);
  }
  lineTo(x: number, y: number): void {
    this.path.push(`${this.path.length === 0 ? 'M' : 'L'}${this.at(x, y)}`);
  }
  closePath(): void {
    this.path.push('Z');
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.path.push(`M${this.at(x, y)}h${number(width)}v${number(height)}h${number(-width)}Z`);
  }
  /** Its corners are drawn square. */
  roundRect(x: number, y: number, width: number, height: number): void {
    this.rect(x, y, width, height);
  }
  /** Whole circles alone. */
  arc(x: number, y: number, r: number): void {
    this.path.push(
      `M${this.at(x - r, y)}a${number(r)},${number(r)} 0 1,0 ${number(2 * r)},0a${number(r)},${number(r)} 0 1,0 ${number(-2 * r)},0Z`,
    );
  }
  clip(): void {
    const id = `clip${++this.clips}`;
    this.lines.push(`<clipPath id="${id}"><path d="${this.path.join('')}"/></clipPath>`);
    this.style.clip = id;
  }

  private put(element: string, attributes: string, inside?: string): void {
    const { globalAlpha, clip } = this.style;
    const more = `${globalAlpha < 1 ? ` opacity="${globalAlpha.toFixed(2)}"` : ''}${clip && ` clip-path="url(#${clip})"`}`;
    this.lines.push(
      `<${element} ${attributes}${more}${inside === undefined ? '/>' : `>${inside}</${element}>`}`,
    );
  }
  fill(): void {
    this.put('path', `d="${this.path.join('')}" fill="${this.style.fillStyle}"`);
  }
  stroke(): void {
    const { strokeStyle, lineWidth, dash } = this.style;
    const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
    this.put(
      'path',
      `d="${this.path.join('')}" fill="none" stroke="${strokeStyle}" stroke-width="${number(lineWidth)}"${dashes}`,
    );
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.stroke();
  }

  private get size(): number {
    return Number(/([\d.]+)px/.exec(this.style.font)?.[1] ?? 10);
  }
  measureText(text: string): { width: number } {
    return { width: text.length * this.size * 0.55 };
  }
  strokeText(text: string, x: number, y: number): void {
    const { strokeStyle, lineWidth } = this.style;
    this.letters(text, x, y, `fill="none" stroke="${strokeStyle}" stroke-width="${number(lineWidth)}"`);
  }
  fillText(text: string, x: number, y: number): void {
    this.letters(text, x, y, `fill="${this.style.fillStyle}"`);
  }
  private letters(text: string, x: number, y: number, ink: string): void {
    const { textAlign, textBaseline, turn } = this.style;
    const place = `x="${number(x + this.style.x)}" y="${number(y + this.style.y)}"`;
    const turned =
      turn === 0 ? '' : ` transform="rotate(${number(turn)} ${this.at(0, 0).replace(',', ' ')})"`;
    this.put(
      'text',
      `${place} font-size="${number(this.size)}" text-anchor="${anchors[textAlign]}" dominant-baseline="${baselines[textBaseline]}" ${ink}${turned}`,
      escaped(text),
    );
  }

  picture(title: string, width: number, height: number, paper: string): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif">\n<title>${escaped(title)}</title>\n<rect width="${width}" height="${height}" fill="${paper}"/>\n${this.lines.join('\n')}\n</svg>\n`;
  }
}
