/** Everything a recipe can be made of, from the definitions themselves, and the recipes that ship. */

import type { Field, Text } from '../core/fields.ts';
import { balances } from '../models/balance/index.ts';
import type { ObjectiveDefinition } from '../models/definition.ts';
import { encoders, fusions, objectives } from '../models/registry.ts';
import { optimizers } from './optimizers/index.ts';
import { recipes, type ShippedRecipe } from './recipes.ts';
import { schedules } from './schedules/schedules.ts';

export interface CatalogEntry {
  type: string;
  title: Text;
  summary: Text;
  /** Paper or definition. */
  source?: string;
  /** Which modality an encoder takes. */
  modality?: string;
  /** Whether an encoder can be given some of its patches only. */
  patches?: boolean;
  /** How many modalities a fusion takes, and one that it cannot do without. */
  arity?: { least: number; most: number };
  needs?: string;
  /** What an objective needs of data and fusion. */
  wants?: ObjectiveDefinition['needs'];
  fields: Field[];
}

export interface Catalog {
  encoders: CatalogEntry[];
  fusions: CatalogEntry[];
  objectives: CatalogEntry[];
  optimizers: CatalogEntry[];
  schedules: CatalogEntry[];
  /** How modalities are kept in balance. */
  balances: CatalogEntry[];
  /** Recipes that ship; `dataset` is the built-in one they are meant for, if any. */
  recipes: ShippedRecipe[];
}

const plain = ({ type, title, summary, fields, ...rest }: CatalogEntry): CatalogEntry => ({
  type,
  title,
  summary,
  fields,
  source: rest.source,
  modality: rest.modality,
});

export const catalog = (): Catalog => ({
  encoders: encoders.map((encoder) => ({ ...plain(encoder), patches: encoder.patch !== undefined })),
  fusions: fusions.map((fusion) => ({ ...plain(fusion), arity: fusion.arity, needs: fusion.needs })),
  objectives: objectives.map(({ needs, ...rest }) => ({ ...plain(rest), wants: needs })),
  optimizers: optimizers.map(plain),
  schedules: schedules.map(plain),
  balances: balances.map(plain),
  recipes: recipes(),
});
