/**
 * `JSON.parse` keeps the last of two equal keys and says nothing; two readers of one file could then see two
 * different files. Counting the keys in the text and in the result finds that out.
 */

/** How many keys text that is valid JSON has, and how many survived parsing. */
export function countKeys(text: string, parsed: unknown): { written: number; kept: number } {
  let written = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '"') continue;
    for (i++; text[i] !== '"'; i++) if (text[i] === '\\') i++;
    // A string is a key when a colon follows it.
    let next = i + 1;
    while (' \t\r\n'.includes(text[next] ?? '-')) next++;
    if (text[next] === ':') written++;
  }
  return { written, kept: keptIn(parsed) };
}

function keptIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, child) => sum + keptIn(child), own);
}
