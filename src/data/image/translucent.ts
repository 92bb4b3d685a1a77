import type { Picture } from './resize.ts';

/** Whether any pixel is neither opaque nor gone. */
export function isTranslucent({ data }: Picture): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] > 0 && data[i] < 255) return true;
  return false;
}
