/** Marks of the open run for every chart: when its stages and changes came into force, and what they changed. Outside React, as charts read them. */
import { useStore } from 'zustand';
import { type ChangeMark, marksOf } from '../../core/marks.ts';
import { openRecipe, useOpenRecipe } from './openRun.ts';
import { recipeStore } from './recipe.ts';
import { session } from './session.ts';
import { settings } from './settings.ts';

let kept: { key: string; marks: ChangeMark[] } = { key: '', marks: [] };

/** Those of the open run, planned ones among them; the same list while nothing changes. */
export function liveMarks(): ChangeMark[] {
  const { catalog } = recipeStore.getState();
  const { run, stages } = session.getState();
  const { locale } = settings.getState();
  if (!stages?.length) return [];
  const recipe = openRecipe();
  if (!catalog || !recipe) return [];
  const key = JSON.stringify([run, locale, stages]);
  if (kept.key !== key) kept = { key, marks: marksOf(recipe, catalog, locale) };
  return kept.marks;
}

/** The same in components. */
export function useMarks(): ChangeMark[] {
  useOpenRecipe();
  useStore(settings, (state) => state.locale);
  useStore(recipeStore, (state) => state.catalog);
  return liveMarks();
}
