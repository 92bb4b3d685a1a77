/**
 * A panel as one SVG: every chart is painted again on a context that records elements, by the same function that paints its canvas; drawn SVG is taken as it is,
 * with its styles; pictures of the data stay pictures. Loaded when the first is asked for.
 */
import { Context } from 'svgcanvas';
import { save } from './download.ts';
import { painterOf } from './usePainter.ts';

const space = 'http://www.w3.org/2000/svg';
const head = 34;
/** What is pressed says nothing in a file. */
const controls = '.mantine-Button-root, .mantine-ActionIcon-root, input, select, textarea';
/** What a style sheet may say of a drawn element. */
const styles = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
];

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** With the styles in force written into it. */
function styled(svg: SVGSVGElement): SVGElement | undefined {
  const copy = svg.cloneNode(true);
  if (!(copy instanceof SVGElement)) return undefined;
  const own = [svg, ...svg.querySelectorAll('*')];
  for (const [index, part] of [copy, ...copy.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(own[index]);
    for (const name of styles) part.setAttribute(name, style.getPropertyValue(name));
    part.removeAttribute('class');
    part.removeAttribute('style');
    part.removeAttribute('tabindex');
  }
  return copy;
}

/** The charts, drawings and pictures of `root` where they stand, under a title. */
export function toSvg(title: string, root: HTMLElement, ink: string, paper: string): string {
  const box = root.getBoundingClientRect();
  // All of it, also what is scrolled out of view.
  const [width, height] = [Math.round(root.scrollWidth), Math.round(root.scrollHeight + head)];
  const placeOf = (rect: DOMRect) => ({
    x: rect.left - box.left + root.scrollLeft,
    y: rect.top - box.top + root.scrollTop + head,
  });
  const whole = element('svg', { xmlns: space, width, height, viewBox: `0 0 ${width} ${height}` });
  whole.append(element('rect', { width, height, fill: paper }));
  const name = element('text', {
    x: 14,
    y: 22,
    fill: ink,
    'font-size': 14,
    'font-weight': 600,
    'font-family': getComputedStyle(root).fontFamily,
  });
  name.textContent = title;
  whole.append(name);
  for (const part of root.querySelectorAll('canvas, svg')) {
    const place = part.getBoundingClientRect();
    // Icons of buttons are no part of a chart, nor is a canvas that only follows the pointer.
    if (place.width === 0 || part.matches(`.tabler-icon, canvas[aria-hidden]`) || part.closest(controls))
      continue;
    const at = placeOf(place);
    const drawn =
      part instanceof HTMLCanvasElement ? fromCanvas(part) : part instanceof SVGSVGElement && styled(part);
    if (!drawn) continue;
    for (const [key, value] of Object.entries({ ...at, width: place.width, height: place.height }))
      drawn.setAttribute(key, String(value));
    whole.append(drawn);
  }
  for (const { text, rect, style } of linesOf(root)) {
    const { x, y } = placeOf(rect);
    const line = element('text', {
      x,
      y: y + rect.height * 0.78,
      fill: style.color,
      'font-size': style.fontSize,
      'font-weight': style.fontWeight,
      'font-family': style.fontFamily,
    });
    line.textContent = text;
    whole.append(line);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(whole)}`;
}

/** Every line of text that is seen, with where it stands; that of charts is drawn by them. */
function* linesOf(root: HTMLElement): Generator<{ text: string; rect: DOMRect; style: CSSStyleDeclaration }> {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { parentElement: parent, textContent } = node;
    if (!parent || !textContent?.trim() || parent.closest(`svg, .sr-only, ${controls}`)) continue;
    const style = getComputedStyle(parent);
    let line: { text: string; rect: DOMRect } | undefined;
    for (const { 0: word, index } of textContent.matchAll(/\S+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const rect = range.getBoundingClientRect();
      if (rect.width === 0) continue;
      if (line && Math.abs(line.rect.top - rect.top) < 2) line.text += ` ${word}`;
      else {
        if (line) yield { ...line, style };
        line = { text: word, rect };
      }
    }
    if (line) yield { ...line, style };
  }
}

function fromCanvas(canvas: HTMLCanvasElement): SVGElement | undefined {
  const paint = painterOf(canvas);
  if (!paint) return canvas.width > 0 ? element('image', { href: canvas.toDataURL('image/png') }) : undefined;
  const context = new Context(canvas.clientWidth, canvas.clientHeight);
  paint(context, canvas.clientWidth, canvas.clientHeight);
  return context.getSvg();
}

/** The same as pixels, for panels that are drawn as SVG alone. */
export async function savePngOf(name: string, svg: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const ratio = Math.max(2, window.devicePixelRatio);
  const canvas = document.createElement('canvas');
  canvas.width = image.width * ratio;
  canvas.height = image.height * ratio;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (blob) save(`${name}.png`, blob);
}

export const saveSvg = (name: string, title: string, root: HTMLElement, ink: string, paper: string): void =>
  save(`${name}.svg`, new Blob([toSvg(title, root, ink, paper)], { type: 'image/svg+xml' }));
