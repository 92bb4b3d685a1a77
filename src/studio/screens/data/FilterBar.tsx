/** Search, filters and order over the samples of a set, with how many pass. All of it runs in the data worker. */
import {
  ActionIcon,
  Button,
  Popover,
  SegmentedControl,
  Select,
  Switch,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFilter, IconSearch, IconSortAscending, IconSortDescending } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DatasetSummary, Facets } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { browsing, clearFilter, setFilter } from '../../state/browsing.ts';
import { modalitiesOf } from '../../state/datasets.ts';
import css from './Data.module.css';
import { stampOf } from './useWindows.ts';

const splits = ['all', 'train', 'validation', 'test', 'dropped'] as const;
const orders = ['set', 'file', 'caption', 'width'] as const;
const modalities = ['image', 'text', 'audio', 'table'] as const;

export function FilterBar({ dataset, total }: { dataset: DatasetSummary; total?: number }) {
  const t = useT();
  const { filter } = useStore(browsing);
  const [text, setText] = useState(filter.query ?? '');
  const [query] = useDebouncedValue(text, 200);
  useEffect(() => {
    if ((browsing.getState().filter.query ?? '') !== query.trim()) setFilter({ query: query.trim() });
  }, [query]);
  // Taken away from outside, it goes from the field too.
  useEffect(() => {
    if (filter.query === undefined) setText('');
  }, [filter.query]);
  const facets = useFacets(dataset);
  const counts = { ...dataset.splits, dropped: dataset.dropped ?? 0 };
  const split = filter.dropped === 'only' ? 'dropped' : (filter.split ?? 'all');
  const { order = 'set', descending = false } = filter;
  const words = modalitiesOf(dataset).includes('text');
  return (
    <div className="row wrap">
      <TextInput
        className="grow"
        style={{ minWidth: 180 }}
        leftSection={<IconSearch size={15} />}
        placeholder={t('data.search')}
        aria-label={t('data.search')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <SegmentedControl
        aria-label={t('data.split')}
        value={split}
        onChange={(value) => {
          const found = splits.find((one) => one === value) ?? 'all';
          const only = found === 'dropped';
          setFilter({
            split: found === 'all' || only ? undefined : found,
            dropped: only ? 'only' : filter.dropped === 'only' ? undefined : filter.dropped,
          });
        }}
        data={splits
          .filter((value) => value === 'all' || counts[value] > 0 || value === split)
          .map((value) => ({ value, label: t(`split.${value}`) }))}
      />
      <Filters dataset={dataset} facets={facets} />
      <Select
        aria-label={t('filter.order')}
        className={css.order}
        value={order}
        allowDeselect={false}
        data={orders
          .filter((value) => value !== 'caption' || words)
          .filter((value) => value !== 'width' || facets?.widths || order === 'width')
          .map((value) => ({ value, label: t(`filter.order.${value}`) }))}
        onChange={(value) => {
          const found = orders.find((one) => one === value);
          setFilter({ order: found === 'set' ? undefined : found });
        }}
      />
      <Tooltip label={t('filter.descending')}>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t('filter.descending')}
          aria-pressed={descending}
          onClick={() => setFilter({ descending: !descending })}
        >
          {descending ? <IconSortDescending size={17} /> : <IconSortAscending size={17} />}
        </ActionIcon>
      </Tooltip>
      <span className="muted small number" role="status">
        {total !== undefined && t('data.shown', { count: total })}
      </span>
    </div>
  );
}

function Filters({ dataset, facets }: { dataset: DatasetSummary; facets?: Facets }) {
  const t = useT();
  const { filter } = useStore(browsing);
  const { query: _, split: __, order: ___, descending: ____, ...more } = filter;
  const active = Object.keys(more).length;
  const missing = modalities.filter((modality) => facets?.missing[modality]);
  const classes = dataset.target?.classes ?? [];
  const any = { value: '', label: t('filter.any') };
  return (
    <Popover position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconFilter size={15} />}>
          {active > 0 ? t('filter.active', { count: active }) : t('filter.button')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('filter.button')}>
        <div className="stack" style={{ width: 260 }}>
          <Select
            label={t('filter.dropped')}
            value={filter.dropped ?? 'without'}
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            data={(['without', 'with', 'only'] as const).map((value) => ({
              value,
              label: t(`filter.dropped.${value}`),
            }))}
            onChange={(value) =>
              setFilter({ dropped: value === 'with' || value === 'only' ? value : undefined })
            }
          />
          {missing.length > 0 && (
            <Select
              label={t('filter.missing')}
              value={filter.missing ?? ''}
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
              data={[
                any,
                ...missing.map((value) => ({
                  value,
                  label: `${modalityName(t, value)} (${t.count(facets?.missing[value] ?? 0)})`,
                })),
              ]}
              onChange={(value) => setFilter({ missing: missing.find((one) => one === value) })}
            />
          )}
          {facets && facets.sources.length > 1 && (
            <Select
              label={t('filter.source')}
              value={filter.source ?? ''}
              searchable
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
              data={[
                any,
                ...facets.sources.map(({ name, count }) => ({
                  value: name,
                  label: `${name} (${t.count(count)})`,
                })),
              ]}
              onChange={(value) => setFilter({ source: value || undefined })}
            />
          )}
          {classes.length > 0 && (
            <Select
              label={t('filter.label')}
              value={filter.label === undefined ? '' : String(filter.label)}
              searchable
              limit={200}
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
              data={[any, ...classes.map((label, index) => ({ value: String(index), label: label || '–' }))]}
              onChange={(value) => setFilter({ label: value ? Number(value) : undefined })}
            />
          )}
          <Switch
            label={`${t('filter.edited')} (${t.count(facets?.edited ?? 0)})`}
            checked={filter.edited ?? false}
            onChange={(event) => setFilter({ edited: event.currentTarget.checked })}
          />
          <Button variant="default" size="compact-sm" disabled={active === 0} onClick={clearFilter}>
            {t('filter.reset')}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function useFacets(dataset: DatasetSummary): Facets | undefined {
  const [facets, setFacets] = useState<{ of: string; found: Facets }>();
  const stamp = stampOf(dataset);
  // An edit changes what there is to choose from.
  useEffect(() => {
    let current = true;
    api()
      .data.facets(dataset.id)
      .then((found) => current && setFacets({ of: stamp, found }), reportError);
    return () => {
      current = false;
    };
  }, [dataset.id, stamp]);
  return facets?.found;
}
