/**
 * What each column of a table is: picture, sound, words, target, split, or a cell of the row that a model sees (numbers, and categories
 * of few values). Guessed from the values first and the names second, as in columns.ts, then shown as options.
 */
import type { Field, FieldValues } from '../../core/fields.ts';
import { pictureLookup, soundLookup } from '../sources/lookup.ts';
import { isPicture, isSound, parseSplit } from '../sources/paths.ts';
import type { FileTree } from '../sources/tree.ts';
import { captionNames, columnNamed, holdsLabels, originNames, splitNames, textsOf } from './columns.ts';
import type { RecordTable } from './records.ts';
import { cellText, guessKind, isMissing, numberOf, type TargetKind } from './targets.ts';

/** Columns by what they are; empty for none. */
export interface Roles {
  picture: string;
  sound: string;
  text: string;
  target: string;
  kind: TargetKind;
  split: string;
  /** Says where a row came from (data/origins.ts). */
  origin: string;
  /** Columns that the row is made of. */
  cells: string[];
}

interface Guess {
  roles: Roles;
  /** Columns that could be cells. */
  candidates: string[];
  /** Share of the pictures, and of the sounds, that are here. */
  pictures: number;
  sounds: number;
  /** Some column names files that are not here. */
  elsewhere: boolean;
  numbers: number;
  /** The target is a column that evidently holds classes. */
  labelled: boolean;
}

/** Values up to which a column of words is a category. */
export const mostCategories = 16;
/** Rows that a guess looks at. */
const lookedAt = 2000;
/** Columns up to which each has a switch of its own. */
const mostSwitches = 40;

const classNames = ['label', 'labels', 'target', 'class', 'category', 'answer', 'tags', 'y', 'outcome'];
const textNames = ['question', ...captionNames.filter((name) => !['label', 'class', 'name'].includes(name))];
textNames.push('transcription', 'transcript', 'utterance', 'review');
const idName = /^(id|index|idx|row|no|nr|#|column \d+)$|[_ ](id|index|idx)$|^unnamed/i;

const roleKeys = ['picture', 'sound', 'text', 'target', 'split', 'origin'] as const;

/** @param tables of the same columns */
export function guessRoles(tree: FileTree, tables: readonly RecordTable[]): Guess {
  const [{ columns }] = tables;
  const rows = tables
    .flatMap(({ records, folder }) => records.map(({ values }) => ({ values, folder })))
    .slice(0, lookedAt);
  const filled = (column: string) =>
    rows.filter(({ values }) => textsOf(values[column]).join('').trim() !== '');
  const share = (column: string, test: (text: string, folder: string) => boolean) => {
    const present = filled(column);
    const fits = present.filter(({ values, folder }) => test(cellText(values[column]), folder)).length;
    return present.length === 0 ? 0 : fits / present.length;
  };
  const pictures = pictureLookup(tree);
  const sounds = soundLookup(tree);
  const best = (test: (text: string, folder: string) => boolean, names: (text: string) => boolean) => {
    const ranked = columns.map((column) => {
      const found = share(column, test);
      return { column, found, rank: found > 0 ? found : share(column, names) > 0.5 ? 1e-3 : 0 };
    });
    const [first] = ranked.sort((a, b) => b.rank - a.rank);
    return first.rank > 0 ? first : { column: '', found: 0 };
  };
  const picture = best((text, folder) => pictures.find(text, folder) !== undefined, isPicture);
  const sound = best((text, folder) => isSound(text) && sounds.find(text, folder) !== undefined, isSound);

  const taken = new Set([picture.column, sound.column]);
  const free = () => columns.filter((column) => !taken.has(column));
  const take = (column: string | undefined) => {
    if (column !== undefined) taken.add(column);
    return column ?? '';
  };
  const texts = (column: string) =>
    rows.flatMap(({ values }) => textsOf(values[column]).map((t) => t.trim()));
  const present = (column: string) =>
    rows.map(({ values }) => cellText(values[column])).filter((t) => !isMissing(t));
  const distinct = (column: string) => new Set(present(column)).size;
  const isNumeric = (column: string) =>
    present(column).length > 0 && present(column).every((text) => !Number.isNaN(numberOf(text)));

  const split = take(
    columnNamed(
      free().filter((column) => texts(column).every((text) => text === '' || parseSplit(text))),
      splitNames,
    ),
  );
  const origin = take(
    columnNamed(
      free().filter((column) => distinct(column) <= mostCategories),
      originNames,
    ),
  );
  const wordy = (column: string) => !isNumeric(column) && texts(column).some((text) => /\p{L}/u.test(text));
  const sentences = (column: string) =>
    wordy(column) && distinct(column) > mostCategories && share(column, (text) => /\S\s+\S/.test(text)) > 0.5;
  const text = take(columnNamed(free().filter(wordy), textNames) ?? free().find(sentences));
  const alone = picture.column === '' && sound.column === '';
  const last = free().at(-1);
  const labels = free().filter((column) => tables.some((table) => holdsLabels(table, column)));
  const named = columnNamed(labels, classNames) ?? labels[0] ?? columnNamed(free(), classNames);
  const predicts = (column: string) => isNumeric(column) || distinct(column) <= mostCategories;
  const target = take(
    named ?? (alone && text === '' && last !== undefined && predicts(last) ? last : undefined),
  );
  const kind = guessKind(
    rows.map(({ values }) => values[target]),
    named !== undefined,
  );

  const candidates = free().filter((column) => {
    const count = distinct(column);
    return count > 1 && (isNumeric(column) || count <= mostCategories);
  });
  const numbers = candidates.filter((column) => isNumeric(column) && !idName.test(column));
  // Beside a picture or a sound, a lone category rather says where the sample is from.
  const cells = alone || numbers.length > 0 ? candidates.filter((column) => !idName.test(column)) : [];
  return {
    roles: { picture: picture.column, sound: sound.column, text, target, kind, split, origin, cells },
    candidates,
    pictures: picture.found,
    sounds: sound.found,
    elsewhere:
      columns.some((column) => share(column, (text) => /^https?:/.test(text)) > 0.5) ||
      (picture.column !== '' && picture.found === 0) ||
      (sound.column !== '' && sound.found === 0),
    numbers: numbers.length,
    labelled: labels.includes(target),
  };
}

const switchOf = (column: string) => `cell ${column}`;

export function roleOptions({ roles, candidates }: Guess): FieldValues {
  const { cells, ...rest } = roles;
  const switches = candidates.length > mostSwitches ? [] : candidates;
  return {
    ...rest,
    ...Object.fromEntries(switches.map((column) => [switchOf(column), cells.includes(column)])),
  };
}

/** The roles that options state, guessed where they name a column that is not there. */
export function chooseRoles(options: FieldValues, columns: readonly string[], guess: Guess): Roles {
  const roles: Roles = { ...guess.roles };
  for (const key of roleKeys) {
    const value = options[key];
    if (typeof value === 'string' && (value === '' || columns.includes(value))) roles[key] = value;
  }
  if (options.kind === 'class' || options.kind === 'labels' || options.kind === 'number')
    roles.kind = options.kind;
  const used = roleKeys.map((key) => roles[key]);
  roles.cells = guess.candidates.filter((column) => {
    const chosen = options[switchOf(column)];
    return (
      (typeof chosen === 'boolean' ? chosen : guess.roles.cells.includes(column)) && !used.includes(column)
    );
  });
  return roles;
}

/** The form that corrects a guess. */
export function roleFields(columns: readonly string[], { roles, candidates }: Guess): Field[] {
  const choices = columns.map((column) => ({ value: column, label: { en: column, zh: column } }));
  const none = { value: '', label: { en: 'none', zh: '无' } };
  const choice = (key: (typeof roleKeys)[number], en: [string, string], zh: [string, string]): Field => ({
    kind: 'choice',
    key,
    label: { en: en[0], zh: zh[0] },
    help: { en: en[1], zh: zh[1] },
    default: roles[key],
    choices: [none, ...choices],
  });
  return [
    choice(
      'picture',
      ['Picture column', 'Holds the path or name of the picture.'],
      ['图片列', '存放图片路径或文件名的列。'],
    ),
    choice(
      'sound',
      ['Sound column', 'Holds the path or name of the WAV file.'],
      ['声音列', '存放 WAV 文件路径或文件名的列。'],
    ),
    choice(
      'text',
      ['Text column', 'Holds a caption, sentence or question.'],
      ['文字列', '存放说明、句子或问题的列。'],
    ),
    choice('target', ['Target column', 'What a model is to predict.'], ['目标列', '模型要预测的内容。']),
    {
      kind: 'choice',
      key: 'kind',
      label: { en: 'Kind of target', zh: '目标类型' },
      help: {
        en: 'One of several classes, any of several labels (between ; | or commas), or a number.',
        zh: '多个类别之一、多个标签中的任意几个（以 ; | 或逗号分隔），或一个数值。',
      },
      default: roles.kind,
      choices: [
        { value: 'class', label: { en: 'class', zh: '类别' } },
        { value: 'labels', label: { en: 'labels', zh: '多标签' } },
        { value: 'number', label: { en: 'number', zh: '数值' } },
      ],
    },
    choice(
      'split',
      [
        'Split column',
        'Says train, validation or test; of any other column a tenth of its values is held out whole.',
      ],
      ['划分列', '注明训练、验证或测试；若为其他列，则将其十分之一的取值整体留作验证。'],
    ),
    choice(
      'origin',
      ['Source column', 'Says where each row came from; batches can keep a ratio between sources.'],
      ['来源列', '注明每行的来源；批次可按来源保持比例。'],
    ),
    ...(candidates.length > mostSwitches ? [] : candidates).map(
      (column): Field => ({
        kind: 'switch',
        key: switchOf(column),
        label: { en: `Row: ${column}`, zh: `表格行：${column}` },
        help: { en: 'A part of the row that a model sees.', zh: '作为模型所见表格行的一部分。' },
        default: roles.cells.includes(column),
        advanced: true,
      }),
    ),
  ];
}
