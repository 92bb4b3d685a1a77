/** Mistakes of a recipe, brought to where they can be corrected: a field, a section, or the top of the page. */
import { errorText } from '../../../core/errorTexts.ts';
import type { Recipe } from '../../../core/recipe.ts';
import type { Catalog, DatasetSummary, Examination } from '../../../workers/api.ts';
import type { Translate } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { modalitiesOf } from '../../state/datasets.ts';
import { inSentence } from './sentences.ts';

type Problem = Examination['problems'][number];

/** A problem with the place in the recipe that it belongs to. */
export interface Placed {
  /** `encoders.image`, `fusion`, `objectives.0`, `training.optimizer`, `data.audio`, …; empty where it has no place. */
  section: string;
  /** The field there. */
  key?: string;
  text: string;
  /** Its whole path; of a stage, the path inside the recipe that holds from there on. */
  path: string;
  within?: string;
  /** Found in the graph, which knows shapes and no fields: the first field that the text names is meant. */
  named?: boolean;
}

const nested = ['encoders', 'objectives'];
const parts = ['training.optimizer', 'training.schedule', 'data.audio', 'data.augment', 'data.split'];
/** What may change during a run, and adapters, have a section together; stages their own. */
export const controlSection = 'training.control';
const controls = ['groups', 'layerDecay', 'drop', 'balance', 'sampling', 'average', 'adapters', 'cached'];

/** Paths of recipes are `encoders.image.width`; paths in a graph `model › image › patch`, with a modality, `fusion` or an objective's type. */
export function sectionOf(path: string, { encoders, objectives }: Recipe): { section: string; key?: string } {
  const steps = path.split(/[.›\s]+/).filter(Boolean);
  if (steps[0] === 'model') steps.shift();
  const [first, second, third] = steps;
  if (nested.includes(first))
    return second ? { section: `${first}.${second}`, key: third } : { section: first };
  const part = parts.find((one) => path === one || path.startsWith(`${one}.`));
  if (part) return { section: part, key: third };
  if (first === 'training' && second === 'stages') return { section: 'training.stages', key: third };
  if (first === 'training' && controls.includes(second)) return { section: controlSection, key: second };
  if (first === 'data' || first === 'training') return { section: first, key: second };
  if (first === 'fusion') return { section: 'fusion', key: second };
  if (first === 'seed') return { section: '', key: 'seed' };
  if (first && encoders[first]) return { section: `encoders.${first}` };
  const place = objectives.findIndex(({ type }) => first === type);
  return { section: place >= 0 ? `objectives.${place}` : '' };
}

export function placeProblem(
  t: Translate,
  { path, code, params }: Problem,
  recipe: Recipe,
  dataset?: DatasetSummary,
): Placed {
  const { section, key } = sectionOf(path, recipe);
  const [part, modality] = section.split('.');
  if (part === 'encoders' && modality && dataset && !modalitiesOf(dataset).includes(modality)) {
    const lacking = { name: dataset.name, modality: inSentence(t, modality) };
    return { section, path, text: t('model.encoder.lacking', lacking) };
  }
  const message = params['message'];
  const text = section && message !== undefined ? String(message) : errorText(code, params, t.locale).body;
  const within = params['path'] === undefined ? undefined : String(params['path']);
  return { section, key, text, path, within, named: code === 'shape-mismatch' };
}

/** Those of a section: by field, and those that no field of it is named for. */
export function problemsIn(
  placed: readonly Placed[],
  section: string,
  keys: readonly string[],
): { errors: Record<string, string>; others: string[] } {
  const errors: Record<string, string> = {};
  const others: string[] = [];
  for (const problem of placed) {
    if (problem.section !== section) continue;
    const { key, text, named } = problem;
    const field = named ? keys.find((one) => new RegExp(`\\b${one}(e?s)?\\b`).test(text)) : key;
    if (field && keys.includes(field)) errors[field] = text;
    else others.push(problem.text);
  }
  return { errors, others };
}

/** Mistakes of a section by their paths in the recipe, for its controls. */
export const errorsIn = (placed: readonly Placed[], section: string): Record<string, string> =>
  Object.fromEntries(placed.filter((one) => one.section === section).map(({ path, text }) => [path, text]));

/** What a section is called on the page; nested parts of data and training keep their path. */
export function sectionTitle(t: Translate, section: string, recipe: Recipe, catalog: Catalog): string {
  const [part, name] = section.split('.');
  if (part === 'encoders' && name) return t('model.encoder.of', { modality: modalityName(t, name) });
  if (part === 'encoders') return t('model.section.encoders');
  if (section === controlSection) return t('model.section.control');
  if (section === 'training.stages') return t('model.section.stages');
  if (part === 'fusion') return t('model.section.fusion');
  if (part === 'objectives') {
    const type = recipe.objectives[Number(name)]?.type;
    const entry = catalog.objectives.find((one) => one.type === type);
    return entry ? t.pick(entry.title) : t('model.section.objectives');
  }
  return section;
}
