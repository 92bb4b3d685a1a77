/**
 * CSV and its kin into rows with line numbers. The separator is measured rather than taken from the file's ending,
 * since `.csv` files with tabs are common. A quote that never closes would swallow the rest of the file: that row is
 * reported and reading goes on at the next line. Line ends of every kind become one.
 */
import Papa from 'papaparse';

const separators = ['\t', ',', ';', '|'] as const;

interface CsvRow {
  /** 1-based line where the row begins. */
  line: number;
  cells: string[];
}

interface Csv {
  rows: CsvRow[];
  malformed: { line: number; message: string }[];
}

/** After this many unclosed quotes the file evidently does not quote at all. */
const quoteFailures = 8;

export function parseCsv(raw: string, separator: string): Csv {
  const text = raw.replace(/\r\n?/g, '\n');
  const result: Csv = { rows: [], malformed: [] };
  let from = 0;
  let line = 1;
  for (let failures = 0; from < text.length; failures++) {
    const quoted = failures < quoteFailures;
    const broken = parsePart(text, from, line, separator, quoted, result);
    if (!broken) break;
    result.malformed.push({ line: broken.line, message: 'a quote is opened and never closed' });
    const next = text.indexOf('\n', broken.start);
    if (next < 0) break;
    from = next + 1;
    line = broken.line + 1;
  }
  return result;
}

/** Parses from `from` to the end, or to a row whose quote never closes. */
function parsePart(
  text: string,
  from: number,
  firstLine: number,
  separator: string,
  quoted: boolean,
  result: Csv,
): { start: number; line: number } | undefined {
  let start = from;
  let line = firstLine;
  let broken: { start: number; line: number } | undefined;
  Papa.parse<string[]>(text.slice(from), {
    delimiter: separator,
    quoteChar: quoted ? '"' : '\0',
    newline: '\n',
    step({ data, errors, meta }, parser) {
      if (errors.some((error) => error.code === 'MissingQuotes')) {
        broken = { start, line };
        parser.abort();
        return;
      }
      const cells = data.map((cell) => cell.trim());
      if (cells.some((cell) => cell !== '')) result.rows.push({ line, cells });
      const end = from + meta.cursor;
      line += countLines(text, start, end);
      start = end;
    },
  });
  return broken;
}

function countLines(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** The separator that divides the first lines most evenly; undefined where none does. */
export function sniffSeparator(text: string): string | undefined {
  const head = text
    .slice(0, 64 * 1024)
    .split('\n', 40)
    .join('\n');
  let best: string | undefined;
  let bestScore = 0;
  for (const separator of separators) {
    const rows = parseCsv(head, separator).rows;
    const width = rows[0]?.cells.length ?? 0;
    if (width < 2) continue;
    const even = rows.filter((row) => row.cells.length === width).length / rows.length;
    // Evenness decides; more columns only between equals.
    const score = even + Math.min(width, 20) / 1000;
    if (score > bestScore) {
      bestScore = score;
      best = separator;
    }
  }
  return best;
}
