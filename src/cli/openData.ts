/** The data that a command is given: a folder, an archive, or a built-in set with its options, `builtin:interactions?kind=3&count=600`. */
import { StudioError } from '../core/errors.ts';
import type { OnProgress, Skipped } from '../core/progress.ts';
import type { Dataset } from '../data/dataset.ts';
import { decodeInNode } from '../data/image/decode.node.ts';
import { importSources, planImport, type Source } from '../data/import.ts';
import { pictureDefaults } from '../data/pictureDefaults.ts';
import { openPath } from '../data/sources/folder.node.ts';
import { builtIns } from '../data/synthetic/index.ts';
import { type ArgumentRules, type Arguments, oneOf, wholeNumber } from './arguments.ts';
import { number, progress } from './terminal.ts';

const fits = ['crop', 'pad', 'stretch'] as const;

export const dataRules: ArgumentRules = {
  data: {
    value: 'folder|zip|builtin:name',
    help: `your data, or a built-in set: ${builtIns.map(({ name }) => name).join(', ')}; with options as in builtin:shapes?count=600&seed=1; several folders or archives become one set`,
    required: true,
    many: true,
  },
  name: { value: 'name', help: 'what the set is called (the name of the folder or archive)' },
  reader: {
    value: 'id',
    help: 'a reader instead of the best guess; of several sources 2:id means the second',
    many: true,
  },
  option: {
    value: 'name=value',
    help: 'an option of the reader, such as caption=keywords, or of several sources 2:caption=keywords; may be repeated',
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

/** One set, of several sources where several are given. @throws StudioError of the readers; `bad-argument`, `sources-unfit` */
export const openData = (given: Arguments, defaults?: PictureDefaults): Promise<OpenedData> =>
  openAll(given.all('data'), given, defaults, given);

/**
 * What lies at a path.
 * @throws StudioError of the readers; `bad-argument`
 */
export const openAt = (path: string, given: Arguments): Promise<OpenedData> => openAll([path], given);

/** @param layout where readers and their options are given; the best guesses by default */
async function openAll(
  paths: readonly string[],
  given: Arguments,
  defaults: PictureDefaults = pictureDefaults,
  layout?: Arguments,
): Promise<OpenedData> {
  const fit = oneOf(given.one('fit') ?? defaults.fit, '--fit', fits);
  const stated = given.has('size') ? wholeNumber(given.one('size')!, '--size', 8) : undefined;
  const [first] = paths;
  if (paths.length === 1 && first.startsWith('builtin:'))
    return { reader: first, dataset: await drawBuiltIn(first), skipped: [] };
  const sources: (Source & { size?: number })[] = [];
  for (const [place, path] of paths.entries()) {
    if (path.startsWith('builtin:'))
      throw new StudioError('bad-argument', {
        argument: path,
        message:
          'a built-in set is taken alone; write it out with `npm run data -- export` to join it with others',
      });
    sources.push(await sourceAt(path, place, layout));
  }
  const name = given.one('name') ?? sources.map(({ tree }) => tree.name).join(' + ');
  // The largest that any source states, so that none loses anything.
  const sizes = sources.flatMap((source) => source.size ?? []);
  const size = stated ?? (sizes.length > 0 ? Math.max(...sizes) : pictureDefaults.size);
  const store = { name, size, fit, background: pictureDefaults.background } as const;
  const tools = { decode: decodeInNode, onProgress: report };
  const { dataset, skipped } = await importSources(sources, store, tools);
  return { reader: sources.map(({ reader }) => reader).join(' + '), dataset, skipped };
}

async function sourceAt(
  path: string,
  place: number,
  layout?: Arguments,
): Promise<Source & { size?: number }> {
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
  // What is said for this source, and what is said for all.
  const own = (name: string) =>
    (layout?.all(name) ?? []).flatMap((text) => {
      const [, number, rest] = /^(\d+):(.*)$/s.exec(text) ?? [];
      return number === undefined ? [text] : Number(number) === place + 1 ? [rest] : [];
    });
  const wanted = own('reader').at(-1);
  const guess = wanted ? guesses.find(({ reader }) => reader === wanted) : guesses[0];
  if (!guess)
    throw new StudioError('bad-argument', {
      argument: '--reader',
      message: `“${wanted}” does not fit ${path}; ${guesses.map(({ reader }) => reader).join(', ')} do`,
    });
  const options = { ...guess.options };
  for (const text of own('option')) {
    const [name, value] = text.split(/=(.*)/s);
    if (value === undefined || !Object.hasOwn(options, name))
      throw new StudioError('bad-argument', {
        argument: `--option ${text}`,
        message: `options of ${guess.reader} are ${Object.keys(options).join(', ') || 'none'}`,
      });
    const like = typeof options[name];
    options[name] = like === 'boolean' ? value === 'true' : like === 'number' ? Number(value) : value;
  }
  return { tree, reader: guess.reader, options, ...(guess.size !== undefined && { size: guess.size }) };
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
