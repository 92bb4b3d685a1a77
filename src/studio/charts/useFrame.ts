/**
 * Draws a canvas when something changed, in animation frames and at most ten times a second (pointer movement is
 * drawn at once). The canvas follows its box and the screen's pixel density.
 */
import { type RefObject, useEffect, useRef } from 'react';

export interface Surface {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
}

interface Options {
  /** Changes when there is something new to draw. */
  version: () => unknown;
  draw: (surface: Surface) => void;
}

const INTERVAL = 100;

/** The answer asks for a drawing at the next frame. */
export function useFrame(canvas: RefObject<HTMLCanvasElement | null>, options: Options): () => void {
  const latest = useRef(options);
  const wanted = useRef(true);
  latest.current = options;
  // A new render means new settings, texts or colours.
  wanted.current = true;
  useEffect(() => {
    const target = canvas.current;
    const context = target?.getContext('2d');
    if (!target || !context) return;
    let [width, height, drawnAt, frame] = [0, 0, 0, 0];
    let version: unknown;
    const observer = new ResizeObserver(([entry]) => {
      width = Math.floor(entry.contentRect.width);
      height = Math.floor(entry.contentRect.height);
      wanted.current = true;
    });
    observer.observe(target);
    const tick = (now: number) => {
      frame = requestAnimationFrame(tick);
      if (width < 8 || height < 8) return;
      const next = latest.current.version();
      if (!wanted.current && (next === version || now - drawnAt < INTERVAL)) return;
      wanted.current = false;
      version = next;
      drawnAt = now;
      const density = window.devicePixelRatio || 1;
      if (target.width !== Math.round(width * density) || target.height !== Math.round(height * density)) {
        target.width = Math.round(width * density);
        target.height = Math.round(height * density);
      }
      context.setTransform(density, 0, 0, density, 0, 0);
      context.clearRect(0, 0, width, height);
      latest.current.draw({ context, width, height });
    };
    frame = requestAnimationFrame(tick);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
    };
  }, [canvas]);
  return useRef(() => {
    wanted.current = true;
  }).current;
}
