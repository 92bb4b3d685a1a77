/** A chart of the page as a file: with its style in it, in one language. */
import { chartStyle } from '../../../core/svgCharts.ts';
import type { Tokens } from '../../theme/tokens.ts';

/** SVG text that stands alone; empty without a chart. */
export function standalone(chart: SVGSVGElement | undefined, locale: 'en' | 'zh', tokens: Tokens): string {
  if (!chart) return '';
  const copy = chart.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) return '';
  for (const other of copy.querySelectorAll(locale === 'zh' ? '.en' : '.zh')) other.remove();
  const { width, height } = chart.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = `svg{${chartStyle(tokens.scheme)};background:${tokens.surface};color:${tokens.ink}}text{font:11px sans-serif;fill:${tokens.ink}}.grid{stroke:${tokens.line}}.level{stroke:${tokens.muted};stroke-dasharray:4 3}.frame{fill:none;stroke:${tokens.line}}`;
  copy.prepend(style);
  return new XMLSerializer().serializeToString(copy);
}

/** Twice as large as it is shown. @throws where the browser cannot draw it */
export async function toPng(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * 2;
  canvas.height = image.naturalHeight * 2;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (!blob) throw new Error('the chart could not be drawn');
  return blob;
}
