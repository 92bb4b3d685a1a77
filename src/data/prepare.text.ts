/** Captions as token ids, pair by pair. A sample without captions is one pair of no tokens; one that was left out is none. */
import type { PreparedData } from './prepared.ts';
import { normalize } from './text/byteLevel.ts';
import type { Tokenizer } from './text/tokenizer.ts';

export async function encodeAll(
  captions: string[][],
  tokenizer: Tokenizer,
  textLength: number,
  report: (done: number, total: number) => void,
  breathe: () => Promise<void>,
  kept?: Uint8Array,
): Promise<PreparedData['pairs']> {
  const count = captions.reduce(
    (sum, list, i) => (kept?.[i] === 0 ? sum : sum + Math.max(1, list.length)),
    0,
  );
  const sample = new Int32Array(count);
  const caption = new Int32Array(count);
  const textGroup = new Int32Array(count);
  const tokens = new Int32Array(count * textLength).fill(tokenizer.padId);
  const lengths = new Int32Array(count);
  const groups = new Map<string, number>();
  let group = 0;
  let cut = 0;
  let pair = 0;
  for (const [i, list] of captions.entries()) {
    if (kept?.[i] === 0) continue;
    if (list.length === 0) {
      sample[pair] = i;
      // Shared with nobody: having no words makes no two samples alike.
      textGroup[pair++] = group++;
    }
    for (const [c, text] of list.entries()) {
      const key = normalize(text);
      const known = groups.get(key) ?? group++;
      groups.set(key, known);
      // One more than fits tells whether something was cut.
      const ids = tokenizer.encode(text, textLength + 1);
      const isCut = ids.length > textLength;
      if (isCut) cut++;
      const fitting = isCut ? tokenizer.encode(text, textLength) : ids;
      sample[pair] = i;
      caption[pair] = c;
      textGroup[pair] = known;
      lengths[pair] = fitting.length;
      tokens.set(fitting, pair * textLength);
      pair++;
    }
    if (i % 256 === 255) {
      report(pair, count);
      await breathe();
    }
  }
  report(count, count);
  return { count, sample, caption, textGroup, tokens, lengths, cut };
}
