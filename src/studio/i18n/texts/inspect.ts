import type { Texts } from '../texts.ts';

export const inspect = {
  'inspect.title': ['Inspect', '探查'],
} as const satisfies Texts;
