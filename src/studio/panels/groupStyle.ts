/** Colour, dash and mark of a part of the model, or of a term of the loss, in every panel the same. */
import { type Mark, modalityStyle, type Tokens } from '../theme/tokens.ts';

interface Style {
  color: string;
  dash: readonly number[];
  mark: Mark;
}

/** Of a modality, `fusion`, `heads` or `other`. */
export function groupStyle(group: string, tokens: Tokens): Style {
  if (group === 'heads') return { color: tokens.ink, dash: [10, 3, 2, 3], mark: 'diamond' };
  if (group === 'other') return { color: tokens.muted, dash: [2, 3], mark: 'triangle' };
  const { color, dash, mark } = modalityStyle(group);
  return { color: tokens[color], dash, mark };
}

const dashes = [
  [3, 3],
  [8, 3],
  [1.5, 2.5],
  [10, 3, 2, 3],
  [5, 2],
  [12, 4],
];
const marks: Mark[] = ['diamond', 'square', 'triangle', 'circle', 'star', 'wave'];

/** Of the nth term. */
export const termStyle = (nth: number, tokens: Tokens): Style => ({
  color: tokens.runs[nth % tokens.runs.length],
  dash: dashes[nth % dashes.length],
  mark: marks[nth % marks.length],
});
