/** What differs between two recipes, in words: a line that says the first few, or all of them. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { changesBetween } from '../../../core/changes.ts';
import { changeTexts } from '../../../core/changeTexts.ts';
import type { Recipe } from '../../../core/recipe.ts';
import { useT } from '../../i18n/index.ts';
import { recipeStore } from '../../state/recipe.ts';
import { recipeWords } from '../model/recipeSettings.ts';

/** Names of runs differ anyway. */
const unnamed = ({ name: _, ...recipe }: Recipe) => recipe;

export function useChanges(from: Recipe | undefined, to: Recipe): string[] | undefined {
  const t = useT();
  const catalog = useStore(recipeStore, (state) => state.catalog);
  return useMemo(
    () => from && changeTexts(changesBetween(unnamed(from), unnamed(to)), recipeWords(catalog), t.locale),
    [from, to, catalog, t],
  );
}

const most = 3;

interface Line {
  from?: Recipe;
  to: Recipe;
  /** What stands before. */
  lead: string;
  /** A change that is told before those of the recipe. */
  first?: string;
}

export function ChangesLine({ from, to, lead, first }: Line) {
  const t = useT();
  const found = useChanges(from, to);
  const told = found && first ? [first, ...found] : found;
  if (!told) return <div className="small muted ellipsis">{lead}</div>;
  const shown = told.slice(0, most);
  if (told.length > most) shown.push(t('runs.changed.more', { count: told.length - most }));
  const text = told.length > 0 ? shown.join(t.locale === 'zh' ? '；' : ' · ') : t('runs.changed.none');
  return (
    <div className="small muted ellipsis" title={told.join('\n')}>
      {lead}: {text}
    </div>
  );
}

export function ChangesList({
  from,
  to,
  title,
  first,
}: {
  from: Recipe;
  to: Recipe;
  title: string;
  first?: string;
}) {
  const t = useT();
  const found = useChanges(from, to) ?? [];
  const told = first ? [first, ...found] : found;
  return (
    <div className="small">
      <strong>{title}</strong>
      {told.length === 0 ? (
        <p className="muted">{t('runs.changed.none')}</p>
      ) : (
        <ul style={{ margin: '4px 0 0', paddingInlineStart: 18 }}>
          {told.map((text) => (
            <li key={text} style={{ overflowWrap: 'anywhere' }}>
              {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
