/** How the shipped recipes are grouped on Start, by the data that they are for; and what each will show, from its objectives and fusion. */

import type { Catalog } from '../../../workers/api.ts';
import type { TextKey } from '../../i18n/index.ts';

type ShippedRecipe = Catalog['recipes'][number];

const groups = [
  ['pictures', ['shapes']],
  ['sounds', ['digits', 'imbalance']],
  ['questions', ['shapes-qa']],
  ['tables', ['product']],
  ['theory', ['xor', 'interactions']],
] as const;

/** Groups with their recipes in the catalog's order, without `except` and without recipes that no built-in data is for. */
export function gallery(
  { recipes }: Catalog,
  except: string,
): { title: TextKey; recipes: ShippedRecipe[] }[] {
  const offered = recipes.filter(({ id, dataset }) => dataset && id !== except);
  return groups
    .map(([group, sets]) => ({
      title: `start.group.${group}` as const,
      recipes: offered.filter(({ dataset }) => sets.some((name) => dataset === `builtin:${name}`)),
    }))
    .filter(({ recipes: inside }) => inside.length > 0);
}

const mostShown = 3;

const byObjective: Record<string, TextKey> = {
  infonce: 'start.shows.retrieval',
  sigmoid: 'start.shows.retrieval',
  mlm: 'start.shows.words',
  mim: 'start.shows.patches',
  itm: 'start.shows.matching',
  captioning: 'start.shows.captions',
  classification: 'start.shows.accuracy',
  labels: 'start.shows.accuracy',
  regression: 'start.shows.error',
  vqa: 'start.shows.answers',
};

const byFusion: Record<string, TextKey> = {
  early: 'start.shows.attention',
  'co-attention': 'start.shows.attention',
  flamingo: 'start.shows.attention',
  perceiver: 'start.shows.attention',
  'q-former': 'start.shows.attention',
  hierarchical: 'start.shows.attention',
  'mid-gated': 'start.shows.gates',
  dynamic: 'start.shows.gates',
  moe: 'start.shows.routing',
};

/** What it is given or writes. */
export function modalitiesIn(
  { encoders, objectives }: ShippedRecipe['recipe'],
  { objectives: known }: Catalog,
): string[] {
  const written = objectives.flatMap(
    ({ type }) => known.find((entry) => entry.type === type)?.wants?.data ?? [],
  );
  return [...new Set([...Object.keys(encoders), ...written])];
}

export function showsOf({ objectives, fusion }: ShippedRecipe['recipe']): TextKey[] {
  const gated = fusion.type === 'late' && fusion['combine'] === 'gate';
  const keys = [
    ...objectives.map(({ type }) => byObjective[type]),
    gated ? 'start.shows.gates' : byFusion[fusion.type],
  ];
  return [...new Set(keys.filter((key) => key !== undefined))].slice(0, mostShown);
}
