/** Pointer, wheel and keys on a map: point, pin, select, lasso, zoom, move. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { pointAt, pointsInside, pointToward, type Window, whole } from './paintMap.ts';

interface Input {
  /** The box that listens. */
  area: RefObject<HTMLElement | null>;
  /** Where points lie on it now. */
  at: () => Float32Array;
  pointed: number | undefined;
  point: (point: number | undefined) => void;
  pin: (point: number) => void;
  select: (points: readonly number[], add: boolean) => void;
  clear: () => void;
}

type Line = (readonly [number, number])[];
const directions: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const clamp = (scale: number) => Math.min(40, Math.max(1, scale));

export function useMapInput({ area, at, pointed, point, pin, select, clear }: Input) {
  const [view, setView] = useState<Window>(whole);
  const [lasso, setLasso] = useState<Line>([]);
  const drag = useRef<{ line: Line; move: boolean } | undefined>(undefined);
  const zoom = (by: number, [x, y]: readonly [number, number] = [0, 0]) =>
    setView((old) => {
      const scale = clamp(old.scale * by);
      if (scale === 1) return whole;
      const ratio = scale / old.scale;
      return { scale, x: x - (x - old.x) * ratio, y: y - (y - old.y) * ratio };
    });
  const zooming = useRef(zoom);
  useEffect(() => {
    zooming.current = zoom;
  });
  useEffect(() => {
    const { current: box } = area;
    // React's own wheel listener may not keep the page from scrolling.
    const wheel = (event: WheelEvent) => {
      if (!box || !(event.ctrlKey || event.metaKey || document.activeElement === box)) return;
      event.preventDefault();
      const { left, top, width, height } = box.getBoundingClientRect();
      zooming.current(Math.exp(-event.deltaY / 300), [
        event.clientX - left - width / 2,
        event.clientY - top - height / 2,
      ]);
    };
    box?.addEventListener('wheel', wheel, { passive: false });
    return () => box?.removeEventListener('wheel', wheel);
  }, [area]);
  const place = (event: React.PointerEvent): readonly [number, number] => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const handlers = {
    onPointerDown: (event: React.PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { line: [place(event)], move: event.button === 1 || event.altKey };
    },
    onPointerMove: (event: React.PointerEvent<HTMLElement>) => {
      const here = place(event);
      const { current } = drag;
      if (!current) {
        point(pointAt(at(), ...here));
        return;
      }
      const before = current.line[current.line.length - 1];
      current.line.push(here);
      if (current.move)
        setView((old) => ({ ...old, x: old.x + here[0] - before[0], y: old.y + here[1] - before[1] }));
      else setLasso([...current.line]);
    },
    onPointerUp: (event: React.PointerEvent<HTMLElement>) => {
      const { current } = drag;
      drag.current = undefined;
      setLasso([]);
      if (!current || current.move) return;
      const [x, y] = current.line[0];
      const far = current.line.some(([px, py]) => Math.hypot(px - x, py - y) > 5);
      const here = pointAt(at(), ...place(event));
      if (far) select(pointsInside(at(), current.line), event.shiftKey);
      else if (here === undefined) clear();
      else if (event.shiftKey) select([here], true);
      else pin(here);
    },
    onPointerLeave: () => {
      if (!drag.current) point(undefined);
    },
    onKeyDown: (event: React.KeyboardEvent<HTMLElement>) => {
      const direction = directions[event.key];
      if (direction && event.shiftKey)
        setView((old) => ({ ...old, x: old.x - direction[0] * 40, y: old.y - direction[1] * 40 }));
      else if (direction) point(pointed === undefined ? 0 : pointToward(at(), pointed, direction));
      else if (event.key === '+' || event.key === '=') zoom(1.4);
      else if (event.key === '-') zoom(1 / 1.4);
      else if (event.key === '0') setView(whole);
      else if (event.key === 'Enter' && pointed !== undefined) pin(pointed);
      else if (event.key === ' ' && pointed !== undefined) select([pointed], true);
      else if (event.key === 'Escape') clear();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  return { view, lasso, handlers };
}
