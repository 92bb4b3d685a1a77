import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import { decodeText } from '../sources/text.ts';
import { bmp, treeOf } from '../testing/memory.ts';
import { parseCsv, sniffSeparator } from './csv.ts';
import { readers } from './index.ts';

describe('csv', () => {
  it('keeps the line of every row, quoted line ends and blank lines included', () => {
    const { rows } = parseCsv('a,b\r\n"one\r\ntwo",2\r\n\r\n\r\nthree,"say ""x"""\r\n', ',');
    expect(rows).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['one\ntwo', '2'] },
      { line: 6, cells: ['three', 'say "x"'] },
    ]);
  });

  it('reads quotes before any kind of line end', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const { rows, malformed } = parseCsv(['"a","b"', '"1","x, ""y"""', '"2","z"'].join(end), ',');
      expect(malformed).toEqual([]);
      expect(rows.map((row) => row.cells)).toEqual([
        ['a', 'b'],
        ['1', 'x, "y"'],
        ['2', 'z'],
      ]);
    }
  });

  it('loses one row, not the rest, to a quote that never closes', () => {
    const { rows, malformed } = parseCsv('a,b\n1,"open\n2,fine\n3,good\n', ',');
    expect(rows.map((row) => row.cells[0])).toEqual(['a', '2', '3']);
    expect(malformed).toEqual([{ line: 2, message: 'a quote is opened and never closed' }]);
  });

  it.each([
    ['a\tb\nx, y\tz\n', '\t'],
    ['a,b\n"x;y",z\n', ','],
    ['a;b\n1,5;2,5\n', ';'],
    ['a| b\nx, y| z\n', '|'],
    ['only one column\n', undefined],
  ])('finds the separator of %j', (text, separator) => {
    expect(sniffSeparator(text)).toBe(separator);
  });

  it('reads the encodings that spreadsheets write', () => {
    const utf16 = (text: string, big: boolean) => {
      const view = new DataView(new ArrayBuffer(text.length * 2));
      [...text].forEach((c, i) => {
        view.setUint16(i * 2, c.charCodeAt(0), !big);
      });
      return new Uint8Array(view.buffer);
    };
    expect(decodeText(Uint8Array.from([0xef, 0xbb, 0xbf, 0x61]))).toBe('a');
    expect(decodeText(Uint8Array.from([0xe4]))).toBe('ä');
    expect(decodeText(utf16('\ufeffab', false))).toBe('ab');
    expect(decodeText(utf16('\ufeffab', true))).toBe('ab');
    expect(decodeText(utf16('name,text', false))).toBe('name,text');
  });
});

describe('readers', () => {
  const tables: Record<string, string> = {
    'captions.txt': 'image,caption\na.bmp,"one, two"\nb.bmp,three\n',
    'metadata.csv': 'file_name,text,split\na.bmp,"one ""x""",train\nb.bmp,two,test\n',
    'metadata.jsonl': '{"file_name":"a.bmp","text":["x","y"]}\n{"file_name":"b.bmp","text":"z"}\n',
    'list.tsv': 'filepath\ttitle\na.bmp\tone\nb.bmp\ttwo\n',
    'captions.json': '{"images":[{"id":1,"file_name":"a.bmp"}],"annotations":[{"image_id":1,"caption":"x"}]}',
    'a.txt': 'words beside a picture\nand more\n',
  };
  const picture = bmp(1, 1, [1, 2, 3]);

  it.each(Object.entries(tables))('never crash on a damaged %s', async (name, text) => {
    const whole = new TextEncoder().encode(text);
    const change = fc.tuple(
      fc.nat(whole.length - 1),
      fc.oneof(fc.nat(255), fc.constantFrom(34, 44, 10, 13, 9, 0)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 6 }), fc.nat(whole.length), async (changes, end) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const tree = treeOf({ [name]: bytes.slice(0, end), 'a.bmp': picture, 'b.bmp': picture });
        for (const reader of readers) {
          try {
            const detection = await reader.detect(tree);
            const { samples, partial = false } = await reader.read(tree, detection?.options ?? {});
            for (const { captions } of samples) {
              if (!partial) expect(captions.length).toBeGreaterThan(0);
              for (const caption of captions) expect(caption).toBe(caption.trim());
              expect(new Set(captions).size).toBe(captions.length);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(StudioError);
          }
        }
      }),
      { numRuns: 80 },
    );
  });
});
