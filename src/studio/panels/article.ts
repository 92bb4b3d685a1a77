/** A short article on what a panel shows: paragraphs and formulas in their order, then the papers. */
import type { Text } from '../../core/fields.ts';

export interface Article {
  body: (Text | { formula: string })[];
  sources: string[];
}
