/** `npm run data`: what the readers make of a folder, archive or built-in set; `npm run data -- clean`: what cleaning rules leave out of it. */
import { readFile } from 'node:fs/promises';
import { type Cleaning, parseCleaning } from '../core/cleaning.ts';
import { StudioError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import { forms } from '../data/card.ts';
import { cleaningRules } from '../data/cleaning/index.ts';
import { type RuleReport, reportOf, surveyOf } from '../data/cleaning/report.ts';
import type { Target } from '../data/dataset.ts';
import { countHaving, firstPairs } from '../data/having.ts';
import { countSplits, shownSplits } from '../data/splits.ts';
import { type ArgumentRules, type Arguments, parseArguments } from './arguments.ts';
import { dataRules, openData } from './openData.ts';
import { defaultRecipe } from './recipeFile.ts';
import { progress, result } from './terminal.ts';

export const rules: ArgumentRules = {
  ...dataRules,
  data: { ...dataRules['data'], positional: true },
  export: { help: 'writes the data to --out instead, in the form that --as says' },
  as: { value: forms.join('|'), help: `the form it is written in (${forms[0]})` },
  out: { value: 'folder', help: 'where it is written; a new or empty folder' },
  recipe: { value: 'file.json', help: `with augment: whose augmentation is shown (${defaultRecipe})` },
  seed: { value: 'number', help: 'with augment: instead of the recipe’s' },
  sample: { value: 'index', help: 'with augment: of which sample of the training split (its first)' },
  count: { value: 'number', help: 'with augment: how many views (6)' },
  changes: {
    value: 'file.json',
    help: 'with edit: a list of {"file" or "sample", "captions": […], "exclude": true}',
  },
  rules: {
    value: 'file.json',
    help: 'with clean: rules as a recipe has them in data.cleaning; without it every rule is tried by itself',
  },
};
export const summary =
  'Reads data and prints what was found, as one line of JSON; with --export writes it out. With the word clean in front: what cleaning rules keep and drop; with edit: changes captions; with augment: a training sample and views of it under --recipe, written to --out.';

export async function run(list: readonly string[]): Promise<number> {
  if (list[0] === 'augment') {
    const { augmentData } = await import('./augmentData.ts');
    return augmentData(parseArguments(list.slice(1), rules));
  }
  if (list[0] === 'edit') {
    const given = parseArguments(list.slice(1), rules);
    const [{ dataset }, { editData }] = await Promise.all([openData(given), import('./editData.ts')]);
    return editData(dataset, given);
  }
  if (list[0] === 'clean') return cleanData(parseArguments(list.slice(1), rules));
  // `data export SET` reads as `data SET --export`.
  const given = parseArguments(list[0] === 'export' ? ['--export', ...list.slice(1)] : list, rules);
  const { reader, dataset, skipped } = await openData(given);
  if (given.has('export')) {
    const { exportData } = await import('./exportData.ts');
    return exportData(dataset, given);
  }
  const pairs = dataset.files.flatMap((file, index) =>
    dataset.captions[index].map((caption) => [file, caption] as const),
  );
  const { sound, table, target } = dataset;
  const having = countHaving(dataset);
  const plain =
    !sound && !table && !target && having.image === having.text && having.image === dataset.files.length;
  const splits = Object.entries(countSplits(shownSplits(dataset)));
  result({
    reader,
    images: dataset.files.length,
    pairs: firstPairs(dataset.captions)[dataset.files.length],
    // Of pictures that all have captions nothing is left to say.
    ...(!plain && { having }),
    ...(sound && { sound: { rate: sound.rate, seconds: round(sound.samples.length / sound.rate) } }),
    ...(table && { columns: table.columns }),
    ...(target && { target: describe(target) }),
    splits: Object.fromEntries(splits.filter(([, count]) => count > 0)),
    first: pairs[0],
    last: pairs.at(-1),
    fingerprint: dataset.fingerprint,
    skipped: skipped.map(({ file, code, params }) => ({ file, code, ...params })),
  });
  return 0;
}

/** @throws StudioError `bad-argument`, `recipe-invalid` */
async function cleanData(given: Arguments): Promise<number> {
  const file = given.one('rules');
  const cleaning = file === undefined ? undefined : await readCleaning(file);
  const { dataset } = await openData(given);
  const onProgress: OnProgress = ({ done, total }) => progress(`clean ${Math.round((100 * done) / total)} %`);
  const told = ({ type, judged, dropped, lacks, examples }: RuleReport) => ({
    type,
    judged,
    dropped,
    ...(lacks && { lacks: lacks.en }),
    examples: examples.slice(0, 5).map(({ sample, file, figure, like }) => ({
      sample,
      file,
      ...(figure !== undefined && { figure: round(figure) }),
      ...(like !== undefined && { like: dataset.files[like] }),
    })),
  });
  if (!cleaning) {
    const all = cleaningRules.map(({ type }) => ({ type }));
    result({
      samples: dataset.files.length,
      alone: (await surveyOf(dataset, all, { onProgress })).map(told),
    });
    return 0;
  }
  const { samples, kept, dropped, rules: on } = await reportOf(dataset, cleaning, { onProgress });
  const left = shownSplits(dataset).filter((_, index) => !dropped.includes(index));
  result({
    samples,
    kept,
    dropped: dropped.length,
    splits: Object.fromEntries(Object.entries(countSplits(left)).filter(([, count]) => count > 0)),
    rules: on.filter(({ off }) => !off).map(told),
  });
  return 0;
}

/** A list of rules, or a cleaning as a recipe has it. @throws StudioError `bad-argument` */
async function readCleaning(path: string): Promise<Cleaning> {
  const fail = (message: string, cause?: unknown) =>
    new StudioError('bad-argument', { argument: '--rules', message }, { cause });
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail(`${path} cannot be read`, cause);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw fail(`${path} is not JSON`, cause);
  }
  return parseCleaning(Array.isArray(json) ? { rules: json } : json);
}

const round = (value: number) => Number(value.toPrecision(6));

/** The classes with how many pairs have each, or the range of the numbers. */
function describe({ name, kind, classes, values }: Target) {
  if (kind === 'number') {
    const known = values.filter((value) => !Number.isNaN(value));
    const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const most = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return {
      name,
      kind,
      known: known.length,
      ...(known.length > 0 && { least: round(least), most: round(most) }),
    };
  }
  const counts = new Array<number>(classes.length).fill(0);
  let unknown = 0;
  for (const [index, value] of values.entries()) {
    if (kind === 'labels') counts[index % classes.length] += value;
    else if (value < 0) unknown++;
    else counts[value]++;
  }
  return {
    name,
    kind,
    classes: Object.fromEntries(classes.map((label, index) => [label, counts[index]])),
    ...(unknown > 0 && { unknown }),
  };
}
