/** Every setting of a recipe with the field that describes it: what a sweep can vary, and the words in which changes are told. */
import type { RecipeWords } from '../../../core/changeTexts.ts';
import type { Field, Text } from '../../../core/fields.ts';
import { getIn } from '../../../core/paths.ts';
import type { Recipe } from '../../../core/recipe.ts';
import type { Catalog, CatalogEntry } from '../../../workers/api.ts';
import { curriculumFields, ratioFields, samplingFields } from '../../controls/samplingFields.ts';
import { audioFields } from './audioFields.ts';
import { augmentFieldsFor } from './augmentFields.ts';
import {
  dataFields,
  fieldsFor,
  noiseField,
  seedField,
  splitFields,
  trainingFields,
  weightingField,
} from './frameFields.ts';

export type Variable = Exclude<Field, { kind: 'run' | 'words' }>;

export interface Setting {
  /** Dotted, as in a sweep's axis. */
  path: string;
  field: Variable;
  /** The part it belongs to. */
  part: Text;
  /** What the recipe says, or the field's default. */
  value: number | string | boolean;
}

const typeField = (label: Text, entries: readonly CatalogEntry[], type: string): Variable => ({
  key: 'type',
  kind: 'choice',
  label,
  help: label,
  default: type,
  choices: entries.map((entry) => ({ value: entry.type, label: entry.title })),
});

const names = {
  data: { en: 'Data', zh: '数据' },
  augment: { en: 'Augmentation', zh: '数据增强' },
  audio: { en: 'Sound', zh: '声音' },
  training: { en: 'Training', zh: '训练' },
  fusion: { en: 'Fusion', zh: '融合方法' },
  encoder: { en: 'Encoder', zh: '编码器' },
  optimizer: { en: 'Optimizer', zh: '优化器' },
  schedule: { en: 'Schedule', zh: '学习率计划' },
} satisfies Record<string, Text>;

/** Fields of the recipe's frame by the path of the part that holds them. */
const frame: Record<string, { part: Text; fields: readonly Field[] }> = {
  data: { part: names.data, fields: [...dataFields, noiseField] },
  'data.split': { part: names.data, fields: splitFields },
  'data.augment': { part: names.augment, fields: augmentFieldsFor(['image', 'text', 'audio']) },
  'data.audio': { part: names.audio, fields: audioFields },
  training: { part: names.training, fields: [...trainingFields, weightingField] },
  '': { part: names.training, fields: [seedField] },
};

/** What a step draws, which only changes are told of. */
const sampling: Record<string, readonly Field[]> = {
  'training.sampling': samplingFields,
  'training.sampling.curriculum': curriculumFields,
  'training.sampling.ratios': ratioFields,
};

/** Settings that only say how often something is looked at. */
const unvaried = ['training.validateEvery', 'training.validatePairs', 'training.checkpointEvery'];

/** Everything a sweep can vary of a recipe, part by part. @param fusions those that fit it */
export function settingsOf(recipe: Recipe, catalog: Catalog, fusions: readonly CatalogEntry[]): Setting[] {
  const settings: Setting[] = [];
  const add = (path: string, part: Text, fields: readonly Field[]) => {
    for (const field of fields) {
      if (field.kind === 'run' || field.kind === 'words') continue;
      const place = path ? `${path}.${field.key}` : field.key;
      if (unvaried.includes(place)) continue;
      const value = (getIn(recipe, place.split('.')) as Setting['value'] | undefined) ?? field.default;
      settings.push({ path: place, field, part, value });
    }
  };
  const partOf = (
    path: string,
    name: Text,
    type: string,
    entries: readonly CatalogEntry[],
    choices: readonly CatalogEntry[] = entries,
  ) => {
    if (choices.length > 1) add(path, name, [typeField(name, choices, type)]);
    add(path, name, entries.find((entry) => entry.type === type)?.fields ?? []);
  };
  const { optimizer, schedule } = recipe.training;
  partOf('training.optimizer', names.optimizer, optimizer.type, catalog.optimizers);
  partOf('training.schedule', names.schedule, schedule.type, catalog.schedules);
  partOf('fusion', names.fusion, recipe.fusion.type, catalog.fusions, fusions);
  for (const [modality, { type }] of Object.entries(recipe.encoders)) {
    const entries = catalog.encoders.filter((entry) => entry.modality === modality);
    const name = { en: `${names.encoder.en} ${modality}`, zh: `${names.encoder.zh} ${modality}` };
    partOf(`encoders.${modality}`, name, type, entries);
  }
  for (const [index, { type }] of recipe.objectives.entries()) {
    const entry = catalog.objectives.find((one) => one.type === type);
    if (entry) add(`objectives.${index}`, entry.title, entry.fields);
  }
  const used = [...Object.keys(recipe.encoders), ...writtenBy(recipe, catalog)];
  for (const [path, { part, fields }] of Object.entries(frame))
    if (path !== 'data.audio' || recipe.data.audio)
      add(path, part, path === 'data.augment' ? augmentFieldsFor(used) : fieldsFor(fields, used));
  return settings;
}

/** Modalities that an objective needs without an encoder: words that a captioner writes. */
const writtenBy = (recipe: Recipe, { objectives }: Catalog): string[] =>
  recipe.objectives.flatMap(({ type }) => objectives.find((entry) => entry.type === type)?.wants?.data ?? []);

/** The words for changes of a recipe; without a catalog only its frame has any. */
export function recipeWords(catalog: Catalog | undefined): RecipeWords {
  const entriesAt = (path: readonly string[]): readonly CatalogEntry[] => {
    if (!catalog) return [];
    const [first, second] = path;
    if (first === 'encoders') return catalog.encoders.filter(({ modality }) => modality === second);
    if (first === 'fusion') return catalog.fusions;
    if (first === 'objectives') return catalog.objectives;
    if (path.includes('optimizer')) return catalog.optimizers;
    if (path.includes('balance')) return catalog.balances;
    return path.includes('schedule') ? catalog.schedules : [];
  };
  const fieldAt = (path: readonly string[]): Field | undefined => {
    const key = path.at(-1);
    const place = path.slice(0, -1).join('.');
    const inFrame = frame[place]?.fields ?? sampling[place];
    const fields = inFrame ?? entriesAt(path).flatMap((entry) => entry.fields);
    return fields.find((field) => field.key === key);
  };
  return {
    label: (path) => fieldAt(path)?.label,
    title(path, type) {
      const field = fieldAt(path);
      if (field?.kind === 'choice') return field.choices.find(({ value }) => value === type)?.label;
      return entriesAt(path).find((entry) => entry.type === type)?.title;
    },
  };
}
