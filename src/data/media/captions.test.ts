import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCaptions } from './captions.ts';

const said = (text: string) => parseCaptions(text).cues.map(({ from, to, text }) => [from, to, text]);

describe('SubRip', () => {
  it('reads numbers, times and words, with a mark, CRLF and blank lines too many', () => {
    const text =
      '\uFEFF1\r\n00:00:01,000 --> 00:00:02,500\r\nOne\r\nline more\r\n\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nTwo\r\n';
    expect(said(text)).toEqual([
      [1, 2.5, 'One line more'],
      [3, 4, 'Two'],
    ]);
    expect(parseCaptions(text).cues.map(({ line }) => line)).toEqual([2, 8]);
    expect(parseCaptions(text).malformed).toEqual([]);
  });

  it('misses no number, no hour, no blank line, and takes points and single digits', () => {
    expect(
      said('00:01.5 --> 00:02.25\na\n0:0:3,000 --> 00:00:04,000\nb\n3\n00:00:05,000 --> 00:00:06,000\nc'),
    ).toEqual([
      [1.5, 2.25, 'a'],
      [3, 4, 'b'],
      [5, 6, 'c'],
    ]);
  });

  it('counts hours beyond 99', () => {
    expect(said('1\n123:00:00,001 --> 123:00:01,000\nlate')).toEqual([[442800.001, 442801, 'late']]);
  });

  it('keeps overlapping cues apart and puts cues in order of time', () => {
    expect(said('00:00:05,000 --> 00:00:09,000\nb\n\n00:00:01,000 --> 00:00:06,000\na')).toEqual([
      [1, 6, 'a'],
      [5, 9, 'b'],
    ]);
  });

  it('keeps a number that is said', () => {
    expect(
      said('1\n00:00:01,000 --> 00:00:02,000\n42\n\n2\n00:00:03,000 --> 00:00:04,000\n1984\nwas a year'),
    ).toEqual([
      [1, 2, '42'],
      [3, 4, '1984 was a year'],
    ]);
  });

  it('takes away tags, places and dashes of speakers, not signs and not comparisons', () => {
    const words = (line: string) =>
      said(`00:00:01,000 --> 00:00:02,000 X1:10 X2:20 Y1:1 Y2:2\n${line}`)[0][2];
    expect(words('<i>Where</i> <font color="#ff0000">are</font> you?')).toBe('Where are you?');
    expect(words('{\\an8}Above')).toBe('Above');
    expect(words('- Here.\n– There.\n—Where?')).toBe('Here. There. Where?');
    expect(words('-5 degrees')).toBe('-5 degrees');
    expect(words('a < b and b > c')).toBe('a < b and b > c');
    expect(words('well-known')).toBe('well-known');
  });

  it('joins equal lines that follow one another', () => {
    expect(
      said(
        '00:00:01,000 --> 00:00:02,000\nla\nla\n\n00:00:02,000 --> 00:00:03,000\nla\n\n00:00:09,000 --> 00:00:10,000\nla',
      ),
    ).toEqual([
      [1, 3, 'la'],
      [9, 10, 'la'],
    ]);
    expect(said('00:00:01,000 --> 00:00:02,000\na\n\n00:00:01,000 --> 00:00:02,000\nb')).toEqual([
      [1, 2, 'a b'],
    ]);
  });

  it('lists what cannot be read with its line, and goes on', () => {
    const { cues, malformed } = parseCaptions(
      '1\n00:00:01,000 --> soon\na\n\n2\n00:00:09,000 --> 00:00:02,000\nb\n\nonly words\n\n4\n00:00:03,000 --> 00:00:04,000\nd',
    );
    expect(cues.map(({ text }) => text)).toEqual(['d']);
    expect(malformed).toEqual([
      { line: 2, message: 'its times cannot be read' },
      { line: 6, message: 'it ends before it begins' },
      { line: 9, message: 'words without times' },
    ]);
  });
});

describe('WebVTT', () => {
  it('reads past header, notes, styles and regions, with names, settings and entities', () => {
    const text = `WEBVTT - made by hand
Kind: captions

STYLE
::cue { color: red }

REGION
id:left

NOTE this --> is
no cue

intro
00:01.000 --> 00:02.000 align:start position:0%
<v.loud Ann Lee>Fish &amp; <c.yellow>chips</c> &lt;3</v>

01:00:00.000 --> 01:00:01.000
- <00:00:00.500>slowly&nbsp;now
`;
    expect(parseCaptions(text).malformed).toEqual([]);
    expect(said(text)).toEqual([
      [1, 2, 'Fish & chips <3'],
      [3600, 3601, 'slowly now'],
    ]);
  });

  it('reads a cue right after the header', () => {
    expect(said('WEBVTT\n00:01.000 --> 00:02.000\na')).toEqual([[1, 2, 'a']]);
  });
});

it('reads anything without failing, in order, with places inside the file', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('\n', '\r\n', '\n\n', '-->', 'WEBVTT', 'NOTE', '1', '<', '{\\', '&', '\uFEFF', '<i>'),
    fc.constantFrom('00:00:01,000 --> 00:00:02,000', '00:01.000 --> 00:00.500', '9:99:99 --> 99:99:99'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const lines = text.split(/\r\n|\r|\n/).length;
      const { cues, malformed } = parseCaptions(text);
      for (const [index, { from, to, line }] of cues.entries()) {
        expect(from).toBeLessThan(to);
        expect(from).toBeGreaterThanOrEqual(cues[index - 1]?.from ?? 0);
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines);
      }
      for (const { line } of malformed) expect(line >= 1 && line <= lines).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('takes a time that grows with the length, not faster', () => {
  const started = performance.now();
  for (const hostile of ['<a', '{\\', '0', '-', '&a', '00:', ' '])
    parseCaptions(`00:00:01,000 --> 00:00:02,000\n${hostile.repeat(200_000)}\n${hostile.repeat(200_000)}-->`);
  expect(performance.now() - started).toBeLessThan(5000);
});
