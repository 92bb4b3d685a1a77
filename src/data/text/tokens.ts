/** Captions as a recipe's tokenizer makes them, for people to see: each piece with its id, and where the text is cut. */
import type { Tokenizer } from './tokenizer.ts';

export interface TokenizedText {
  /** With start and end mark, before anything is cut; of a very long text the first. */
  pieces: { id: number; text: string }[];
  /** All, both marks included. */
  count: number;
  /** Those that the model sees: the first `limit − 1` and the end mark, where it is cut. */
  limit: number;
}

/** More than are of use to look at. */
const mostPieces = 600;
/** Longer than any text. */
const unbounded = 1e9;

export function tokenizeText(tokenizer: Tokenizer, text: string, limit: number): TokenizedText {
  const ids = tokenizer.encode(text, unbounded);
  const pieces = ids.slice(0, mostPieces).map((id) => ({ id, text: tokenizer.token(id) }));
  return { pieces, count: ids.length, limit };
}
