/**
 * Patterns with stars over names, in time that grows with the length of the pattern times that of the name: patterns come from files of other people,
 * and a regular expression made of one with many stars can take for ever.
 */

/** Any run of characters, or any but slashes. */
type Piece = string | { slashes: boolean };

/** Whether the pattern spells the whole text. @param star what a lone `*` stands for: anything, or as in paths anything but slashes, where `**` is anything */
export function spells(pattern: string, text: string, star: 'anything' | 'segment'): boolean {
  const pieces: Piece[] = [...pattern.matchAll(/\*\*\/?|\*|[^*]/gu)].map(([piece]) => {
    if (star === 'anything') return piece.startsWith('*') ? { slashes: true } : piece;
    if (piece === '*') return { slashes: false };
    return piece.startsWith('**') ? { slashes: true } : piece;
  });
  const letters = [...text];
  // 1 where the pieces so far can end.
  let ends = new Uint8Array(letters.length + 1);
  ends[0] = 1;
  for (const piece of pieces) {
    const next = new Uint8Array(letters.length + 1);
    for (let at = 0; at <= letters.length; at++) {
      if (typeof piece === 'string')
        next[at] = at > 0 && ends[at - 1] === 1 && letters[at - 1] === piece ? 1 : 0;
      else {
        const goesOn = at > 0 && next[at - 1] === 1 && (piece.slashes || letters[at - 1] !== '/');
        next[at] = ends[at] === 1 || goesOn ? 1 : 0;
      }
    }
    ends = next;
  }
  return ends[letters.length] === 1;
}
