/** What the rest of the product needs of a tokenizer, whatever made it. */
export interface Tokenizer {
  readonly vocabularySize: number;
  readonly padId: number;
  readonly startId: number;
  readonly endId: number;
  readonly unknownId: number;
  /** Ids with start and end mark, cut to `length` (the end mark is kept), not padded. */
  encode(text: string, length: number): number[];
  /** The text of one id, for labels (`red`, `cir`, `[END]`). */
  token(id: number): string;
  decode(ids: ArrayLike<number>): string;
  /** Hugging Face's tokenizer.json. */
  toJSON(): unknown;
}
