/** Chooses one sample of a data set: a short list of pictures with search, split filter and pages. */
import { ActionIcon, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { SampleView, Split } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { useT } from '../i18n/index.ts';
import css from './components.module.css';
import { Thumb } from './Thumb.tsx';

const PAGE = 24;

interface Props {
  dataset: string;
  selected?: number;
  onSelect: (sample: SampleView) => void;
}

export function SamplePicker({ dataset, selected, onSelect }: Props) {
  const t = useT();
  const [query, setQuery] = useState('');
  const [words] = useDebouncedValue(query, 200);
  const [split, setSplit] = useState<Split | 'all'>('validation');
  const [page, setPage] = useState(0);
  const [found, setFound] = useState<{ total: number; samples: SampleView[] }>({ total: 0, samples: [] });
  useEffect(() => {
    let current = true;
    api()
      .data.samples(dataset, {
        offset: page * PAGE,
        limit: PAGE,
        split: split === 'all' ? undefined : split,
        query: words || undefined,
      })
      .then((result) => current && setFound(result), reportError);
    return () => {
      current = false;
    };
  }, [dataset, words, split, page]);
  const pages = Math.max(1, Math.ceil(found.total / PAGE));
  return (
    <div className="stack" style={{ gap: 10 }}>
      <TextInput
        size="xs"
        leftSection={<IconSearch size={14} aria-hidden />}
        placeholder={t('data.search')}
        aria-label={t('data.search')}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setPage(0);
        }}
      />
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t('data.split')}
        value={split}
        onChange={(value) => {
          setSplit(value as Split | 'all');
          setPage(0);
        }}
        data={(['all', 'train', 'validation', 'test'] as const).map((value) => ({ value, label: t(`split.${value}`) }))}
      />
      <ul className={css.picker} aria-label={t('data.samples')}>
        {found.samples.map((sample) => (
          <li key={sample.index}>
            <button
              type="button"
              aria-pressed={sample.index === selected}
              onClick={() => onSelect(sample)}
              title={sample.captions[0]}
            >
              <Thumb dataset={dataset} index={sample.index} size="100%" label={sample.captions[0] ?? sample.file} />
            </button>
          </li>
        ))}
      </ul>
      <div className="row small">
        <span className="muted grow">{t('data.samplesFound', { n: found.total })}</span>
        <ActionIcon
          size={28}
          aria-label={t('data.previous')}
          disabled={page === 0}
          onClick={() => setPage(page - 1)}
        >
          <IconChevronLeft size={16} />
        </ActionIcon>
        <span className="number">
          {page + 1} / {pages}
        </span>
        <ActionIcon
          size={28}
          aria-label={t('data.next')}
          disabled={page + 1 >= pages}
          onClick={() => setPage(page + 1)}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
      </div>
    </div>
  );
}
