/**
 * Which column is the picture, which the caption, which the split: guessed from what the values are first (does this
 * column name files that are here?) and from its name second, then shown as options that a person can correct.
 */
import type { Field, FieldValues } from '../../core/fields.ts';
import { isLink } from '../../core/links.ts';
import type { PictureLookup } from '../sources/lookup.ts';
import { parseSplit } from '../sources/paths.ts';
import type { RecordTable } from './records.ts';

export interface Columns {
  picture: string;
  caption: string;
  /** Empty for none. */
  secondCaption: string;
  split: string;
}

interface ColumnGuess extends Columns {
  /** Share of the looked-at rows whose picture is here. */
  found: number;
  /** The caption is rather a class that is to be predicted. */
  labels: boolean;
}

const pictureNames = [
  'file_name',
  'filename',
  'filepath',
  'file_path',
  'file',
  'image',
  'image_name',
  'image_path',
  'image_file',
  'img',
  'path',
  'picture',
  'photo',
  'image_url',
  'url',
];
export const captionNames = [
  'caption',
  'captions',
  'text',
  'title',
  'description',
  'sentence',
  'sentences',
  'comment',
  'prompt',
  'alt',
  'alt_text',
  'label',
  'class',
  'name',
];
/** Of a column that says where a row came from. */
export const originNames = ['source', 'data_source'];
export const splitNames = ['split', 'subset', 'partition', 'set', 'fold'];
const lookedAt = 60;

/** The captions in a value: one text, or a list of them. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  return Array.isArray(value) ? value.flatMap((item) => textsOf(item)) : [];
}

/** Columns of a table; undefined where none can be the picture or the caption. */
export function guessColumns(table: RecordTable, lookup: PictureLookup): ColumnGuess | undefined {
  const rows = table.records.slice(0, lookedAt);
  if (rows.length === 0) return undefined;
  const values = (column: string) => rows.map((row) => row.values[column]);
  const share = (column: string, test: (value: unknown) => boolean) =>
    values(column).filter(test).length / rows.length;

  const found = (column: string) =>
    share(column, (value) => typeof value === 'string' && lookup.find(value, table.folder) !== undefined);
  let picture = columnNamed(table.columns, pictureNames);
  let best = picture === undefined ? 0 : found(picture);
  for (const column of table.columns) {
    const rate = found(column);
    if (rate > best) [picture, best] = [column, rate];
  }
  picture ??= table.columns.find((column) => share(column, (value) => isLink(linkIn(value))) > 0.5);
  if (picture === undefined) return undefined;

  const split = columnNamed(
    table.columns.filter((column) =>
      values(column).every((value) => textsOf(value).every((text) => text === '' || parseSplit(text))),
    ),
    splitNames,
  );
  const others = table.columns.filter(
    (column) => column !== picture && column !== split && share(column, isWords) > 0,
  );
  const labels = others.filter((column) => holdsLabels(table, column));
  const words = others.filter((column) => !labels.includes(column));
  const sentences = words.filter((column) => share(column, isSentence) > 0.5);
  const caption =
    columnNamed(words, captionNames) ?? longest(labels.length > 0 ? sentences : words, values) ?? labels[0];
  if (caption === undefined) return undefined;
  return {
    picture,
    caption,
    secondCaption: '',
    split: split ?? '',
    found: best,
    labels: labels.includes(caption),
  };
}

const labelNames = ['label', 'labels', 'class', 'target'];

/** Whether a column holds classes rather than words: it is stated, or its name says so and its values come again. */
export function holdsLabels({ columns, classes = {}, records }: RecordTable, column: string): boolean {
  if (Object.hasOwn(classes, column)) return true;
  if (columnNamed([column], labelNames) === undefined || !columns.includes(column)) return false;
  const texts = records
    .slice(0, lookedAt)
    .flatMap(({ values }) => textsOf(values[column]))
    .filter((text) => text.trim() !== '');
  return texts.length > 2 && new Set(texts).size <= texts.length / 2;
}

const isSentence = (value: unknown): boolean => textsOf(value).some((text) => /\S\s+\S/.test(text));

const linkIn = (value: unknown): string => (typeof value === 'string' ? value : '');

const isWords = (value: unknown): boolean =>
  textsOf(value).some((text) => text.trim() !== '' && Number.isNaN(Number(text)) && !/^https?:/.test(text));

/** The first of the names that a column has, case, blanks and hyphens aside. */
export function columnNamed(columns: readonly string[], names: readonly string[]): string | undefined {
  const plain = columns.map((column) =>
    column
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  );
  for (const name of names) {
    const at = plain.indexOf(name);
    if (at >= 0) return columns[at];
  }
  return undefined;
}

function longest(columns: readonly string[], values: (column: string) => unknown[]): string | undefined {
  const length = (column: string) => values(column).flatMap(textsOf).join('').length;
  return [...columns].sort((a, b) => length(b) - length(a))[0];
}

/** The columns that options name, guessed where they name none that is there. */
export function chooseColumns(
  options: FieldValues,
  table: RecordTable,
  guess: Columns | undefined,
): Columns | undefined {
  const named = (key: keyof Columns, fallback: string | undefined) => {
    const value = options[key];
    if (typeof value !== 'string') return fallback;
    if (table.columns.includes(value)) return value;
    return value === '' && (key === 'secondCaption' || key === 'split') ? '' : fallback;
  };
  const picture = named('picture', guess?.picture);
  const caption = named('caption', guess?.caption);
  if (picture === undefined || caption === undefined) return undefined;
  return {
    picture,
    caption,
    secondCaption: named('secondCaption', '') ?? '',
    split: named('split', guess?.split) ?? '',
  };
}

/** How links become pictures, where a table has some whose pictures are not here. @param links all of them */
export function linkFields(links: readonly string[]): Field[] {
  if (links.length === 0) return [];
  const hosts = [...new Set(links.map((link) => link.split('/')[2]))];
  const named = `${hosts.slice(0, 3).join(', ')}${hosts.length > 3 ? ', …' : ''}`;
  return [
    {
      kind: 'switch',
      key: 'fetch',
      label: { en: 'Fetch by link', zh: '按链接获取' },
      help: {
        en: `${links.length} links to ${named}. This leaves your machine: each host sees your address and what is asked for. Off, links are matched with dropped files by name.`,
        zh: `${links.length} 个链接，指向 ${named}。这会离开本机：每个主机都会看到您的地址和所请求的内容。关闭时，链接按文件名与拖入的文件匹配。`,
      },
      default: false,
    },
    {
      kind: 'integer',
      key: 'most',
      label: { en: 'At most', zh: '最多' },
      help: {
        en: 'Pictures that are fetched; the first so many links.',
        zh: '最多获取的图片数，按链接先后。',
      },
      default: Math.min(links.length, 1000),
      min: 1,
      max: 1_000_000,
    },
    {
      kind: 'number',
      key: 'perSecond',
      label: { en: 'Requests a second', zh: '每秒请求数' },
      help: { en: 'Few enough that no host is burdened.', zh: '保持较低，以免给主机造成负担。' },
      default: 5,
      min: 0.1,
      max: 50,
    },
  ];
}

/** The form that corrects a guess. */
export function columnFields(columns: readonly string[], guess: Columns): Field[] {
  const choices = columns.map((column) => ({ value: column, label: { en: column, zh: column } }));
  const none = { value: '', label: { en: 'none', zh: '无' } };
  return [
    {
      kind: 'choice',
      key: 'picture',
      label: { en: 'Picture column', zh: '图片列' },
      help: { en: 'Holds the path or name of the picture.', zh: '存放图片路径或文件名的列。' },
      default: guess.picture,
      choices,
    },
    {
      kind: 'choice',
      key: 'caption',
      label: { en: 'Caption column', zh: '说明文字列' },
      help: { en: 'Holds the words that belong to the picture.', zh: '存放与图片对应文字的列。' },
      default: guess.caption,
      choices,
    },
    {
      kind: 'choice',
      key: 'secondCaption',
      label: { en: 'Second caption column', zh: '第二说明文字列' },
      help: {
        en: 'Its words become one more caption of the same picture.',
        zh: '其中的文字会成为同一图片的另一条说明。',
      },
      default: guess.secondCaption,
      choices: [none, ...choices],
    },
    {
      kind: 'choice',
      key: 'split',
      label: { en: 'Split column', zh: '划分列' },
      help: {
        en: 'Says train, validation or test for each row.',
        zh: '逐行注明训练、验证或测试的列。',
      },
      default: guess.split,
      choices: [none, ...choices],
    },
  ];
}
