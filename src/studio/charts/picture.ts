/**
 * What stands in a panel as one picture, SVG or PNG: every chart is painted again on a context that records elements, by the same function that paints its
 * canvas; drawn SVG is taken as it is, with its styles; pictures of the data stay pictures; boxes and every line of text are drawn where they stand.
 * Loaded when the first is asked for.
 */
import { Context } from 'svgcanvas';
import { save } from './download.ts';
import { painterOf } from './usePainter.ts';

const space = 'http://www.w3.org/2000/svg';
const head = 34;
/** What is pressed says nothing in a file. */
const controls =
  '.mantine-Button-root, .mantine-ActionIcon-root, .mantine-Input-section, input, select, textarea';
/** What a style sheet may say of a drawn element. */
const styles = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'fill-opacity',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
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
  const hidden: Element[] = [];
  const own = [svg, ...svg.querySelectorAll('*')];
  for (const [index, part] of [copy, ...copy.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(own[index]);
    if (style.display === 'none') hidden.push(part);
    for (const name of styles) part.setAttribute(name, style.getPropertyValue(name));
    part.removeAttribute('class');
    part.removeAttribute('style');
    part.removeAttribute('tabindex');
  }
  for (const part of hidden) part.remove();
  return copy;
}

/** Title, ink and paper of a picture. */
export interface Picture {
  title: string;
  ink: string;
  paper: string;
}

/** All of `root` as it stands, under a title; also what is scrolled out of view, unless a box within it hides it. */
export function toSvg({ title, ink, paper }: Picture, root: HTMLElement): string {
  const box = root.getBoundingClientRect();
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
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
    const part = node instanceof Element ? node : node.parentElement;
    // Icons of buttons are no part of a chart, nor is a canvas that only follows the pointer.
    if (part?.matches(`.tabler-icon, .sr-only, canvas[aria-hidden], ${controls}`))
      return NodeFilter.FILTER_REJECT;
    return part?.matches('svg *') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
  });
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text) {
      for (const { text, rect, style } of linesOf(node)) {
        if (!seen(rect, node.parentElement, root)) continue;
        const { x, y } = placeOf(rect);
        const upright = style.writingMode.startsWith('vertical');
        const line = element('text', {
          ...(upright
            ? { transform: `translate(${x + rect.width * 0.78} ${y + rect.height}) rotate(-90)` }
            : { x, y: y + rect.height * 0.78 }),
          fill: style.color,
          'font-size': style.fontSize,
          'font-weight': style.fontWeight,
          'font-family': style.fontFamily,
        });
        line.textContent = text;
        whole.append(line);
      }
      continue;
    }
    if (!(node instanceof Element)) continue;
    const rect = node.getBoundingClientRect();
    if (rect.width === 0 || rect.height === 0 || !seen(rect, node, root)) continue;
    const at = placeOf(rect);
    const drawn =
      node instanceof HTMLCanvasElement
        ? fromCanvas(node)
        : node instanceof SVGSVGElement
          ? styled(node)
          : boxOf(node);
    if (!drawn) continue;
    for (const [key, value] of Object.entries({ ...at, width: rect.width, height: rect.height }))
      drawn.setAttribute(key, String(value));
    whole.append(drawn);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(whole)}`;
}

/** Whether something of it is to be seen in every box that cuts off what does not fit. */
function seen(rect: DOMRect, part: Element | null, root: Element): boolean {
  for (let box = part?.parentElement; box && root.contains(box) && box !== root; box = box.parentElement) {
    if (getComputedStyle(box).overflow === 'visible') continue;
    const frame = box.getBoundingClientRect();
    if (rect.right <= frame.left || rect.left >= frame.right) return false;
    if (rect.bottom <= frame.top || rect.top >= frame.bottom) return false;
  }
  return part !== null && getComputedStyle(part).visibility !== 'hidden';
}

/** The ground and border of a box, where it has any. */
function boxOf(part: Element): SVGElement | undefined {
  const style = getComputedStyle(part);
  const ground = colorOf(style.backgroundColor);
  const edge = colorOf(style.borderTopColor);
  const line = Number.parseFloat(style.borderTopWidth);
  const bordered = line > 0 && style.borderTopStyle !== 'none' && edge.opacity > 0;
  if (ground.opacity === 0 && !bordered) return undefined;
  return element('rect', {
    fill: ground.color,
    'fill-opacity': ground.opacity,
    rx: Number.parseFloat(style.borderTopLeftRadius) || 0,
    opacity: style.opacity,
    ...(bordered && { stroke: edge.color, 'stroke-opacity': edge.opacity, 'stroke-width': line }),
  });
}

/** A computed colour, `rgb…` or `color(srgb …)`, as every program reads it. */
function colorOf(css: string): { color: string; opacity: number } {
  const [red = 0, green = 0, blue = 0, opacity = 1] = (css.match(/[\d.]+(?:e-?\d+)?/g) ?? [0, 0, 0, 0]).map(
    Number,
  );
  const most = css.startsWith('color(') ? 255 : 1;
  const whole = [red, green, blue].map((part) => Math.round(part * most));
  return { color: `rgb(${whole.join()})`, opacity };
}

/** Every line of a text, with where it stands. */
function* linesOf(node: Text): Generator<{ text: string; rect: DOMRect; style: CSSStyleDeclaration }> {
  const { parentElement: parent, data } = node;
  if (!parent || !data.trim()) return;
  const style = getComputedStyle(parent);
  // Names that stand upright have one line.
  if (style.writingMode.startsWith('vertical')) {
    const range = document.createRange();
    range.selectNodeContents(node);
    yield { text: data.trim(), rect: range.getBoundingClientRect(), style };
    return;
  }
  let line: { text: string; rect: DOMRect } | undefined;
  for (const { 0: word, index } of data.matchAll(parts)) {
    const range = document.createRange();
    // Where a line begins, the space before its first word takes no part.
    range.setStart(node, index + word.length - word.trimStart().length);
    range.setEnd(node, index + word.length);
    const rect = range.getBoundingClientRect();
    if (rect.width === 0) continue;
    if (line && Math.abs(line.rect.top - rect.top) < 2) line.text += word;
    else {
      if (line) yield { ...line, style };
      line = { text: word.trimStart(), rect };
    }
  }
  if (line) yield { ...line, style };
}

/** Words with the space before them; each Chinese character by itself, because a line may break after any. */
const parts = /\s*(?:[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+)/g;

function fromCanvas(canvas: HTMLCanvasElement): SVGElement | undefined {
  const paint = painterOf(canvas);
  if (!paint) return canvas.width > 0 ? element('image', { href: canvas.toDataURL('image/png') }) : undefined;
  const context = new Context(canvas.clientWidth, canvas.clientHeight);
  paint(context, canvas.clientWidth, canvas.clientHeight);
  return context.getSvg();
}

export const saveSvg = (name: string, picture: Picture, root: HTMLElement): void =>
  save(`${name}.svg`, new Blob([toSvg(picture, root)], { type: 'image/svg+xml' }));

/** The same as pixels, at least two a unit. @throws Error where the browser cannot draw it */
export async function savePng(name: string, picture: Picture, root: HTMLElement): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(toSvg(picture, root))}`;
  await image.decode();
  const ratio = Math.max(2, window.devicePixelRatio);
  const canvas = document.createElement('canvas');
  canvas.width = image.width * ratio;
  canvas.height = image.height * ratio;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (!blob) throw new Error(`the picture of ${name} is too large`);
  save(`${name}.png`, blob);
}
