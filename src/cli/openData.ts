/** The data that a command is given: a folder, an archive, or a built-in set with its options, `builtin:interactions?kind=3&count=600`. */
import { StudioError } from '../core/errors.ts';
import type { OnProgress, Skipped } from '../core/progress.ts';
import type { Dataset } from '../data/dataset.ts';
import { decodeInNode } from '../data/image/decode.node.ts';
import { importDataset, planImport } from '../data/import.ts';
import { pictureDefaults } from '../data/pictureDefaults.ts';
import { openPath } from '../data/sources/folder.node.ts';
import { builtIns } from '../data/synthetic/index.ts';
import { type ArgumentRules, type Arguments, oneOf, wholeNumber } from './arguments.ts';
import { number, progress } from './terminal.ts';

const fits = ['crop', 'pad', 'stretch'] as const;

export const dataRules: ArgumentRules = {
  data: {
    value: 'folder|zip|builtin:name',
    help: `your data, or a built-in set: ${builtIns.map(({ name }) => name).join(', ')}; with options as in builtin:shapes?count=600&seed=1`,
    required: true,
  },
  reader: { value: 'id', help: 'a reader instead of the best guess' },
  option: {
    value: 'name=value',
    help: 'an option of the reader, such as caption=keywords; may be repeated',
    many: true,
  },
  size: { value: 'pixels', help: `side of the stored pictures (${pictureDefaults.size})` },
  fit: { value: 'crop|pad|stretch', help: `how pictures are made square (${pictureDefaults.fit})` },
};

export interface OpenedData {
  reader: string;
  dataset: Dataset;
  skipped: Skipped[];
}

const report: OnProgress = ({ phase, done, total, rate }) =>
  progress(`${phase} ${done}${total ? ` / ${total}` : ''}${rate ? `  ${number(rate)} /s` : ''}`);

type PictureDefaults = { fit: (typeof fits)[number] };

/** @throws StudioError of the readers; `bad-argument` */
export const openData = (given: Arguments, defaults?: PictureDefaults): Promise<OpenedData> =>
  openAt(given.one('data')!, given, defaults, given);

/**
 * What lies at a path.
 * @param layout where a reader and its options are given; the best guess by default
 * @throws StudioError of the readers; `bad-argument`
 */
export async function openAt(
  path: string,
  given: Arguments,
  defaults: PictureDefaults = pictureDefaults,
  layout?: Arguments,
): Promise<OpenedData> {
  const size = given.has('size') ? wholeNumber(given.one('size')!, '--size', 8) : pictureDefaults.size;
  const fit = oneOf(given.one('fit') ?? defaults.fit, '--fit', fits);
  if (path.startsWith('builtin:')) {
    return { reader: path, dataset: await drawBuiltIn(path), skipped: [] };
  }
  const tree = await openPath(path).catch((error: unknown) => {
    // The path itself, not a file among others.
    if (error instanceof StudioError && error.code === 'file-unreadable' && error.params['file'] === path)
      throw new StudioError(
        'bad-argument',
        { argument: '--data', message: `${path}: ${error.params['message']}` },
        { cause: error },
      );
    throw error;
  });
  const guesses = await planImport(tree);
  const wanted = layout?.one('reader');
  const guess = wanted ? guesses.find(({ reader }) => reader === wanted) : guesses[0];
  if (!guess)
    throw new StudioError('bad-argument', {
      argument: '--reader',
      message: `“${wanted}” does not fit; ${guesses.map(({ reader }) => reader).join(', ')} do`,
    });
  const options = { ...guess.options };
  for (const text of layout?.all('option') ?? []) {
    const [name, value] = text.split(/=(.*)/s);
    if (value === undefined || !Object.hasOwn(options, name))
      throw new StudioError('bad-argument', {
        argument: `--option ${text}`,
        message: `options of ${guess.reader} are ${Object.keys(options).join(', ') || 'none'}`,
      });
    const like = typeof options[name];
    options[name] = like === 'boolean' ? value === 'true' : like === 'number' ? Number(value) : value;
  }
  const store = { name: tree.name, size, fit, background: pictureDefaults.background } as const;
  const { dataset, skipped } = await importDataset(tree, guess.reader, options, store, {
    decode: decodeInNode,
    onProgress: report,
  });
  return { reader: guess.reader, dataset, skipped };
}

/** @throws StudioError `bad-argument` */
async function drawBuiltIn(path: string): Promise<Dataset> {
  const [source, query] = path.split(/\?(.*)/s);
  const sources = builtIns.map(({ name }) => `builtin:${name}`);
  const builtIn = builtIns[sources.indexOf(oneOf(source, '--data', sources))];
  const options = Object.fromEntries(
    [...new URLSearchParams(query)].map(([key, value]) => [key, value === '' ? value : Number(value)]),
  );
  return builtIn.make(options, (done, total) => report({ phase: 'draw', done, total }));
}
