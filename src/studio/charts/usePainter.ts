/**
 * Keeps a canvas painted: at the device's resolution, in an animation frame, at most ten times a second, and only
 * when something changed (data, size, or a React render, which covers scheme, language and settings where a chart does not name them). A canvas out
 * of view is not painted.
 */
import { type RefObject, useEffect, useRef } from 'react';

const INTERVAL = 100;
/** Milliseconds of a frame that go into painting; what is left over has the next one, so that many charts at once are no hitch. */
const BUDGET = 12;
const ticking = new Set<(now: number) => void>();
let frame = 0;

function tick(now: number): void {
  const began = performance.now();
  for (const subscriber of [...ticking]) {
    subscriber(now);
    // Who has had a turn waits behind those who have not.
    if (ticking.delete(subscriber)) ticking.add(subscriber);
    if (performance.now() - began > BUDGET) break;
  }
  frame = ticking.size > 0 ? requestAnimationFrame(tick) : 0;
}

function subscribe(subscriber: (now: number) => void): () => void {
  ticking.add(subscriber);
  if (frame === 0) frame = requestAnimationFrame(tick);
  return () => ticking.delete(subscriber);
}

/** How each canvas is painted, so that its chart can be drawn elsewhere too. */
const painters = new WeakMap<HTMLCanvasElement, () => Paint>();

export const painterOf = (canvas: HTMLCanvasElement): Paint | undefined => painters.get(canvas)?.();

export type Paint = (context: CanvasRenderingContext2D, width: number, height: number) => void;

/** @param inputs all that the picture follows besides `version`: a render that leaves them alone paints nothing; without them every render paints */
export function usePainter(
  canvas: RefObject<HTMLCanvasElement | null>,
  paint: Paint,
  version: () => unknown,
  inputs?: readonly unknown[],
) {
  const latest = useRef({ paint, version, inputs, dirty: true });
  useEffect(() => {
    const { dirty, inputs: before } = latest.current;
    const same =
      inputs?.length === before?.length && inputs?.every((one, at) => Object.is(one, before?.[at])) === true;
    latest.current = { paint, version, inputs, dirty: dirty || !same };
  });
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    painters.set(element, () => latest.current.paint);
    let seen: unknown;
    let paintedAt = Number.NEGATIVE_INFINITY;
    let visible = true;
    const touch = () => {
      latest.current.dirty = true;
    };
    const resize = new ResizeObserver(touch);
    resize.observe(element);
    const view = new IntersectionObserver((entries) => {
      visible = entries.at(-1)?.isIntersecting ?? true;
    });
    view.observe(element);
    const stop = subscribe((now) => {
      const { current } = latest;
      if (!visible || now - paintedAt < INTERVAL) return;
      const version = current.version();
      if (!current.dirty && version === seen) return;
      seen = version;
      current.dirty = false;
      paintedAt = now;
      fitCanvas(element, context);
      current.paint(context, element.clientWidth, element.clientHeight);
    });
    return () => {
      stop();
      resize.disconnect();
      view.disconnect();
    };
  }, [canvas]);
}

/** Sizes the bitmap to the element and clears it; units are CSS pixels afterwards. */
export function fitCanvas(element: HTMLCanvasElement, context: CanvasRenderingContext2D): void {
  const ratio = window.devicePixelRatio;
  const width = Math.max(1, Math.round(element.clientWidth * ratio));
  const height = Math.max(1, Math.round(element.clientHeight * ratio));
  if (element.width !== width) element.width = width;
  if (element.height !== height) element.height = height;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, element.clientWidth, element.clientHeight);
}
