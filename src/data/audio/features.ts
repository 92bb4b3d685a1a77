/** Extents of sound features under a recipe. */
import type { Recipe } from '../../core/recipe.ts';

export function soundShape(audio?: Recipe['data']['audio']): { frames: number; bins: number } {
  const { rate, seconds, hop, bins } = audio ?? { rate: 8000, seconds: 1, hop: 20, bins: 40 };
  const step = Math.round((rate * hop) / 1000);
  return { frames: 1 + Math.floor(Math.round(rate * seconds) / step), bins };
}
