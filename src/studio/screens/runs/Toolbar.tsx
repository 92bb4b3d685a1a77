/** How runs are listed, and which: layout, words, tags. */
import { SegmentedControl, TextInput } from '@mantine/core';
import { useStore } from 'zustand';
import type { RunSummary } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import { type RunsLayout, runsView, toggleTag } from '../../state/runsView.ts';
import css from './Runs.module.css';

const layouts: readonly RunsLayout[] = ['seeds', 'tree', 'list'];

export function Toolbar({ list }: { list: readonly RunSummary[] }) {
  const t = useT();
  const { layout, query, tags } = useStore(runsView);
  const known = [...new Set([...list.flatMap((run) => run.tags ?? []), ...tags])].sort();
  return (
    <div className={css.bar}>
      <TextInput
        className={css.search}
        aria-label={t('runs.search')}
        placeholder={t('runs.search')}
        value={query}
        onChange={(event) => runsView.setState({ query: event.currentTarget.value })}
      />
      <SegmentedControl
        aria-label={t('runs.layout')}
        value={layout}
        onChange={(value) => runsView.setState({ layout: value as RunsLayout })}
        data={layouts.map((one) => ({ value: one, label: t(`runs.layout.${one}`) }))}
      />
      {known.length > 0 && (
        <fieldset className={css.tags} style={{ border: 0, margin: 0, padding: 0 }}>
          <legend className="sr-only">{t('runs.tags')}</legend>
          {known.map((tag) => (
            <TagChip key={tag} tag={tag} />
          ))}
        </fieldset>
      )}
    </div>
  );
}

/** A tag that filters by itself. */
export function TagChip({ tag }: { tag: string }) {
  const t = useT();
  const pressed = useStore(runsView, ({ tags }) => tags.includes(tag));
  return (
    <button
      type="button"
      className={css.chip}
      aria-pressed={pressed}
      title={t('runs.tags.filter', { tag })}
      onClick={() => toggleTag(tag)}
    >
      {tag}
    </button>
  );
}
