/** Chooses the sample: a search, a split, and a strip of pictures. */
import { ActionIcon, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Split } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { pinned } from '../../state/pinned.ts';
import css from './inspect.module.css';
import { useAsync } from './useAsync.ts';

const PAGE = 24;
const splits = ['all', 'train', 'validation', 'test'] as const;

export function Samples({ dataset }: { dataset: string }) {
  const t = useT();
  const chosen = useStore(pinned, (state) => state.image);
  const [query, setQuery] = useState('');
  const [split, setSplit] = useState<Split | 'all'>('all');
  const [offset, setOffset] = useState(0);
  const [asked] = useDebouncedValue(query.trim(), 200);
  const { value, loading } = useAsync(JSON.stringify([dataset, split, asked, offset]), () =>
    api().data.samples(dataset, {
      offset,
      limit: PAGE,
      split: split === 'all' ? undefined : split,
      query: asked || undefined,
    }),
  );
  const total = value?.total ?? 0;
  return (
    <section className={`card ${css.section}`} aria-label={t('inspect.samples')}>
      <div className="row wrap">
        <TextInput
          aria-label={t('inspect.search')}
          placeholder={t('inspect.search')}
          leftSection={<IconSearch size={15} aria-hidden />}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setOffset(0);
          }}
          style={{ flex: '1 1 220px', maxWidth: 380 }}
        />
        <SegmentedControl
          size="xs"
          aria-label={t('inspect.split')}
          value={split}
          onChange={(next) => {
            setSplit(splits.find((one) => one === next) ?? 'all');
            setOffset(0);
          }}
          data={splits.map((one) => ({ value: one, label: t(`split.${one}`) }))}
        />
        <span className="grow muted small" role="status">
          {loading && !value ? t('common.loading') : t('inspect.count', { total })}
        </span>
        <ActionIcon
          aria-label={t('inspect.previous')}
          disabled={offset === 0}
          onClick={() => setOffset(Math.max(0, offset - PAGE))}
        >
          <IconChevronLeft size={17} />
        </ActionIcon>
        <ActionIcon
          aria-label={t('inspect.next')}
          disabled={offset + PAGE >= total}
          onClick={() => setOffset(offset + PAGE)}
        >
          <IconChevronRight size={17} />
        </ActionIcon>
      </div>
      <div className={css.thumbs} aria-busy={loading}>
        {value?.samples.map(({ index, captions, having, targets, file }) => {
          const words = captions[0] ?? targets?.[0] ?? file;
          const pictured = having.includes('image');
          return (
            <button
              key={index}
              type="button"
              className={pictured ? css.thumb : css.word}
              aria-pressed={index === chosen}
              aria-label={t('inspect.sample', { index, caption: words })}
              title={words}
              onClick={() => pinned.setState({ image: index, caption: 0 })}
            >
              {pictured ? (
                <Thumb dataset={dataset} index={index} size={64} label={t('train.picture', { index })} />
              ) : (
                words
              )}
            </button>
          );
        })}
        {value?.samples.length === 0 && <p className="muted">{t('inspect.none')}</p>}
      </div>
    </section>
  );
}
