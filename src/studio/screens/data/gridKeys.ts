/** Where the keys of a grid lead. */
interface Shape {
  count: number;
  columns: number;
  /** Rows that PageUp and PageDown move. */
  page: number;
}

/** @returns undefined for a key that moves nothing */
export function movedPlace(key: string, place: number, { count, columns, page }: Shape): number | undefined {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * page,
    PageDown: columns * page,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined || count === 0) return undefined;
  const to = place + step;
  // A column that the last row lacks is not left for another one.
  if (key === 'ArrowUp' && to < 0) return place;
  if (key === 'ArrowDown' && to >= count)
    return Math.floor(place / columns) === Math.floor((count - 1) / columns) ? place : count - 1;
  return Math.max(0, Math.min(count - 1, to));
}
