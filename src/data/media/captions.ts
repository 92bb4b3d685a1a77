/**
 * Subtitles as cues: SubRip (`.srt`, as its program writes it; there is no standard) and WebVTT (W3C, “WebVTT: The Web Video Text Tracks Format”).
 * Both are read line by line and forgivingly: numbers, blank lines and hours may be missing, a comma or a point stands before milliseconds.
 * What cannot be read is listed with its line, and the rest goes on.
 */

export interface Cue {
  /** Seconds; `from < to`. */
  from: number;
  to: number;
  /** The words alone: no tags, no speaker dashes, no line ends; empty where none are left. */
  text: string;
  /** Line of its times, from 1. */
  line: number;
}

export interface Captions {
  /** In order of time. */
  cues: Cue[];
  malformed: { line: number; message: string }[];
}

const arrow = '-->';
/** Hours of any length, minutes, seconds, milliseconds. */
const clock = String.raw`(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,3}))?`;
/** After the times stand a cue's settings (WebVTT) or its place (SubRip), which say nothing about what is said. */
const times = new RegExp(String.raw`^\s*${clock}\s*${arrow}\s*${clock}(?:\s.*)?$`);

export function parseCaptions(text: string): Captions {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const cues: Cue[] = [];
  const malformed: Captions['malformed'] = [];
  const marked = /^WEBVTT(\s|$)/.test(lines[0]);
  // Header: to the first blank line, or to the first times where that is missing.
  let at = 0;
  if (marked) while (at < lines.length && !isBlank(lines[at]) && !lines[at].includes(arrow)) at++;
  while (at < lines.length) {
    if (isBlank(lines[at])) {
      at++;
      continue;
    }
    const first = at;
    if (marked && /^(NOTE|STYLE|REGION)(\s|$)/.test(lines[at])) {
      while (at < lines.length && !isBlank(lines[at])) at++;
      continue;
    }
    // A number or name may stand before the times.
    if (!lines[at].includes(arrow) && lines[at + 1]?.includes(arrow)) at++;
    if (!lines[at].includes(arrow)) {
      malformed.push({ line: first + 1, message: 'words without times' });
      while (at < lines.length && !isBlank(lines[at]) && !lines[at].includes(arrow)) at++;
      continue;
    }
    const line = at + 1;
    const span = readTimes(lines[at++]);
    const words: string[] = [];
    while (at < lines.length && !isBlank(lines[at]) && !startsNext(lines, at)) words.push(lines[at++]);
    if (!span) malformed.push({ line, message: 'its times cannot be read' });
    else if (span.to <= span.from) malformed.push({ line, message: 'it ends before it begins' });
    else cues.push({ ...span, text: plainWords(words), line });
  }
  return { cues: joined(cues.sort((a, b) => a.from - b.from || a.to - b.to || a.line - b.line)), malformed };
}

const isBlank = (line: string): boolean => line.trim() === '';

/** Whether a cue begins here although no blank line ended the one before. */
const startsNext = (lines: readonly string[], at: number): boolean =>
  lines[at].includes(arrow) || (/^\s*\d+\s*$/.test(lines[at]) && (lines[at + 1]?.includes(arrow) ?? false));

function readTimes(line: string): { from: number; to: number } | undefined {
  const found = times.exec(line);
  if (!found) return undefined;
  const seconds = ([hours = '0', minutes, whole, fraction = '']: string[]) =>
    Number(hours) * 3600 + Number(minutes) * 60 + Number(whole) + Number(fraction.padEnd(3, '0')) / 1000;
  return { from: seconds(found.slice(1, 5)), to: seconds(found.slice(5, 9)) };
}

/** The words of a cue's lines; of equal lines that follow one another one is kept. */
function plainWords(lines: readonly string[]): string {
  const plain = lines.map(plainLine).filter(Boolean);
  return plain.filter((line, index) => line !== plain[index - 1]).join(' ');
}

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  lrm: '',
  rlm: '',
};

function plainLine(line: string): string {
  return (
    line
      // <i>, </font>, <v Speaker>, <c.yellow>, the inner times of karaoke, and SubStation's {\an8}.
      .replace(/<\/?[a-z][^<>]*>|<[\d:.]+>|\{\\[^{}]*\}/gi, '')
      .replace(/&(\w+);/g, (whole, name: string) => (Object.hasOwn(entities, name) ? entities[name] : whole))
      .replace(/\s+/g, ' ')
      .trim()
      // The dash of a speaker, not the sign of a number.
      .replace(/^[-‐–—]+(?:\s+|(?=[^\s\d]))/, '')
      .trim()
  );
}

/** Seconds between two cues of the same words that still count as one. */
const pause = 1;

/** Cues of the same times are one cue of several lines; cues of the same words that follow one another are one that lasts longer. */
function joined(cues: readonly Cue[]): Cue[] {
  const result: Cue[] = [];
  for (const cue of cues) {
    const last = result.at(-1);
    if (last && last.text === cue.text && cue.from <= last.to + pause) last.to = Math.max(last.to, cue.to);
    else if (last && last.from === cue.from && last.to === cue.to)
      last.text = `${last.text} ${cue.text}`.trim();
    else result.push({ ...cue });
  }
  return result;
}
