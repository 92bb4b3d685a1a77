/** Everything a recipe can be made of, from the definitions themselves, and the recipes that ship. */

import clipEmoji from '../../recipes/clip-emoji.json' with { type: 'json' };
import clipPhotos from '../../recipes/clip-photos.json' with { type: 'json' };
import clipShapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import type { Field, Text } from '../core/fields.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { encoders, fusions, objectives } from '../models/registry.ts';
import { optimizers } from './optimizers/index.ts';
import { schedules } from './schedules/schedules.ts';

export interface CatalogEntry {
  type: string;
  title: Text;
  summary: Text;
  /** Paper or definition. */
  source?: string;
  /** Which modality an encoder takes. */
  modality?: string;
  fields: Field[];
}

export interface Catalog {
  encoders: CatalogEntry[];
  fusions: CatalogEntry[];
  objectives: CatalogEntry[];
  optimizers: CatalogEntry[];
  schedules: CatalogEntry[];
  /** Recipes that ship; `dataset` is the built-in one they are meant for, if any. */
  recipes: { id: string; title: Text; summary: Text; dataset?: string; recipe: Recipe }[];
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
  encoders: encoders.map(plain),
  fusions: fusions.map(plain),
  objectives: objectives.map(plain),
  optimizers: optimizers.map(plain),
  schedules: schedules.map(plain),
  recipes: [
    {
      id: 'clip-shapes',
      title: { en: 'Shapes (CLIP)', zh: '形状 (CLIP)' },
      summary: {
        en: 'A small two-tower model for the built-in shapes: learns in minutes, even without a GPU.',
        zh: '用于内置形状数据的小型双塔模型：即使没有 GPU，也能在几分钟内学会。',
      },
      dataset: 'builtin:shapes',
      recipe: parseRecipe(clipShapes),
    },
    {
      id: 'clip-emoji',
      title: { en: 'Icons and emoji (CLIP)', zh: '图标与表情 (CLIP)' },
      summary: {
        en: 'For about a thousand drawn pictures with short names; crops, colour and word dropout against over-fitting.',
        zh: '适合约一千张带短名称的绘制图片；用裁剪、颜色和词丢弃防止过拟合。',
      },
      recipe: parseRecipe(clipEmoji),
    },
    {
      id: 'clip-photos',
      title: { en: 'Photos and captions (CLIP)', zh: '照片与说明 (CLIP)' },
      summary: {
        en: 'A larger model for thousands of photos with sentences; wants a GPU.',
        zh: '面向数千张配有句子的照片的较大模型；需要 GPU。',
      },
      recipe: parseRecipe(clipPhotos),
    },
  ],
});
