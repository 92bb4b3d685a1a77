/**
 * Films with subtitles of the same name (`talk.mp4` with `talk.srt`, `talk.en.vtt`): each subtitle becomes a sample of the frame in its middle, the
 * film's sound while it stands, and its words. A film without subtitles gives a frame every few seconds with the sound around it. Recordings with
 * subtitles (`talk.mp3`) give sound and words. Held out is the end of each film: frames beside one another are nearly the same.
 */

import { asStudioError } from '../../core/errors.ts';
import type { FieldValues } from '../../core/fields.ts';
import type { Skipped } from '../../core/progress.ts';
import type { Split } from '../dataset.ts';
import { type Cue, parseCaptions } from '../media/captions.ts';
import { clockOf } from '../media/clock.ts';
import { type FilmFacts, filmFacts, type Span } from '../media/facts.ts';
import { ending, isFilm, isPicture, isSound, splitOfPath, stem } from '../sources/paths.ts';
import { readText } from '../sources/text.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { settle } from './collect.ts';
import { filmFields } from './film.fields.ts';
import type { Reader, Sample } from './reader.ts';

/** A film or recording, and its subtitles by language; '' where the name says none. */
interface Captioned {
  file: SourceFile;
  captions: Map<string, SourceFile>;
}

export const filmCaptions: Reader = {
  id: 'film-captions',
  title: { en: 'Films with subtitles', zh: '带字幕的影片' },
  summary: {
    en: 'talk.mp4 with talk.srt or talk.vtt: each subtitle with its frame and its sound; without subtitles a frame every few seconds.',
    zh: 'talk.mp4 配 talk.srt 或 talk.vtt：每条字幕配其画面与声音；没有字幕时每隔几秒取一帧。',
  },
  async detect(tree) {
    const films = captionedOf(tree);
    if (films.length === 0) return undefined;
    const others = tree.files.filter(({ path }) => isPicture(path)).length;
    const fields = filmFields(languagesOf(films));
    const sure = films.some(({ captions }) => captions.size > 0) ? 0.98 : 0.8;
    return {
      confidence: sure * Math.sqrt(films.length / (films.length + others)),
      options: Object.fromEntries(
        fields.flatMap((field) => (field.kind === 'run' ? [] : [[field.key, field.default]])),
      ),
      fields,
    };
  },
  async read(tree, options) {
    const films = captionedOf(tree);
    const how = optionsOf(options, languagesOf(films));
    const samples: Sample[] = [];
    const skipped: Skipped[] = [];
    for (const film of films) {
      try {
        const segments = await segmentsOf(film, await filmFacts(film.file), how, skipped);
        samples.push(...samplesOf(film.file, segments, how));
      } catch (error) {
        const { code, params } = asStudioError(error);
        skipped.push({ file: film.file.path, code, params });
      }
    }
    return { samples: settle(samples), skipped };
  },
};

interface Options {
  offset: number;
  padding: number;
  smallest: number;
  every: number;
  language: string;
  heldOut: boolean;
}

function optionsOf(options: FieldValues, languages: readonly string[]): Options {
  const number = (key: string, least: number, otherwise: number) => {
    const value = options[key];
    return typeof value === 'number' && Number.isFinite(value) ? Math.max(least, value) : otherwise;
  };
  const { language, heldOut } = options;
  return {
    offset: number('offset', Number.NEGATIVE_INFINITY, 0),
    padding: number('padding', 0, 0),
    smallest: number('smallest', 0, 0.3),
    every: number('every', 0.04, 2),
    language: typeof language === 'string' ? language : (languages[0] ?? ''),
    heldOut: heldOut !== false,
  };
}

/** Films of the tree, and recordings that have subtitles. */
function captionedOf(tree: FileTree): Captioned[] {
  const media = tree.files.filter(({ path }) => isFilm(path) || isSound(path));
  const byStem = new Map(media.map((file) => [stem(file.path), new Map<string, SourceFile>()]));
  for (const file of tree.files) {
    if (!['srt', 'vtt'].includes(ending(file.path))) continue;
    // name.srt, or name.en.srt; the name itself may hold dots.
    const whole = stem(file.path);
    const owner = byStem.has(whole) ? whole : stem(whole);
    const languages = byStem.get(owner);
    const language = whole.slice(owner.length + 1);
    if (languages && !languages.has(language)) languages.set(language, file);
  }
  return media
    .map((file) => ({ file, captions: byStem.get(stem(file.path)) ?? new Map() }))
    .filter(({ file, captions }) => isFilm(file.path) || captions.size > 0);
}

/** Languages of all subtitles, the likeliest first: English, then that without a name, then the others as they come. */
function languagesOf(films: readonly Captioned[]): string[] {
  const rank = (language: string) => (/^en\b/i.test(language) ? 0 : language === '' ? 1 : 2);
  const languages = new Set(films.flatMap(({ captions }) => [...captions.keys()]));
  return [...languages].sort((a, b) => rank(a) - rank(b));
}

interface Segment extends Span {
  text: string;
  /** Where the frame is, where there are pictures. */
  moment?: number;
  /** What is heard, where something is. */
  heard?: Span;
}

/** What is shown and heard of a film while each subtitle stands, or every few seconds; what cannot be used goes to `skipped`. */
async function segmentsOf(
  { file, captions }: Captioned,
  { picture, sound }: FilmFacts,
  how: Options,
  skipped: Skipped[],
): Promise<Segment[]> {
  const main = picture ?? sound;
  if (!main) {
    const params = { file: file.path, message: 'it holds neither pictures nor sound' };
    skipped.push({ file: file.path, code: 'film-decode', params });
    return [];
  }
  const within = (from: number, to: number, text: string): Segment => {
    const moment = picture && isFilm(file.path) ? (from + to) / 2 : undefined;
    const heard = sound && {
      from: Math.max(from - how.padding, sound.from),
      to: Math.min(to + how.padding, sound.to),
    };
    return { from, to, text, moment, ...(heard && heard.to > heard.from && { heard }) };
  };
  const words = captions.get(how.language) ?? [...captions.values()][0];
  if (!words) {
    const count = Math.max(1, Math.floor((main.to - main.from) / how.every + 1e-6));
    return Array.from({ length: count }, (_, index) => {
      const from = main.from + index * how.every;
      return within(from, Math.min(from + how.every, main.to), '');
    });
  }
  const { cues, malformed } = parseCaptions(await readText(words));
  const malformedAt = (line: number, message: string) => {
    const place = `${words.path}:${line}`;
    skipped.push({ file: place, code: 'row-malformed', params: { place, message } });
  };
  for (const { line, message } of malformed) malformedAt(line, message);
  const shifted = cues.map((cue) => ({ ...cue, from: cue.from + how.offset, to: cue.to + how.offset }));
  return shifted.flatMap(({ from, to, text, line }: Cue) => {
    const place = `${words.path}:${line}`;
    if (text === '')
      skipped.push({ file: place, code: 'caption-empty', params: { file: clockOf(from), place } });
    else if (from >= main.to)
      malformedAt(line, `it begins at ${clockOf(from)}, and ${file.path} ends at ${clockOf(main.to)}`);
    else if (to <= main.from) malformedAt(line, `it ends at ${clockOf(to)}, before ${file.path} begins`);
    else if (to - from < how.smallest) malformedAt(line, `it stands for ${(to - from).toFixed(2)} seconds`);
    else return [within(Math.max(from, main.from), Math.min(to, main.to), text)];
    return [];
  });
}

function samplesOf(file: SourceFile, segments: readonly Segment[], { heldOut }: Options): Sample[] {
  const stated = splitOfPath(file.path);
  // From four on there is something to train on and something to hold out.
  const held = heldOut && segments.length >= 4 ? Math.max(1, Math.round(segments.length / 10)) : 0;
  const seen = new Map<string, number>();
  return segments.map(({ from, text, moment, heard }, index) => {
    const name = `${file.path} ${clockOf(from)}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const split: Split | undefined =
      stated ?? (heldOut ? (index >= segments.length - held ? 'validation' : 'train') : undefined);
    return {
      file: count === 1 ? name : `${name} (${count})`,
      captions: text === '' ? [] : [text],
      ...(moment !== undefined && { source: file, moment }),
      ...(heard && { sound: file, span: heard }),
      split,
    };
  });
}
