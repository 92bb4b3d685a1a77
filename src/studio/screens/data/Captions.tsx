/** The captions of a sample, each with its tokens and what is to be predicted for it; edited, added and removed in place. */
import { ActionIcon, Button, Textarea } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { DatasetSummary, SampleDetails } from '../../../workers/api.ts';
import { TokenLine, TokensFailed, useTokens } from '../../components/TokenLine.tsx';
import { useT } from '../../i18n/index.ts';
import { cleaningStore, editCaptions } from '../../state/cleaning.ts';
import { useTextData } from '../../state/textData.ts';
import css from './SampleDrawer.module.css';
import { said } from './Tile.tsx';

export function Captions({ dataset, sample }: { dataset: DatasetSummary; sample: SampleDetails }) {
  const t = useT();
  const { index, captions, targets = [], before } = sample;
  const { history } = useStore(cleaningStore);
  const tokens = useTokens(dataset.id, useTextData(), captions);
  /** Place of the caption that is being written; the number of captions for a new one. */
  const [writing, setWriting] = useState<number>();
  const keep = (list: readonly string[]) => {
    setWriting(undefined);
    editCaptions(index, before ?? captions, list);
  };
  const save = (place: number, text: string) => {
    const words = text.trim();
    if (words === '' || words === captions[place]) setWriting(undefined);
    else keep(captions.toSpliced(place, 1, words));
  };
  return (
    <section className="stack" aria-label={t('sample.captions')}>
      <div className="row">
        <h3 className="grow">{t('sample.captions')}</h3>
        {before && (
          <Button variant="subtle" size="compact-sm" onClick={() => keep(before)}>
            {t('sample.original')}
          </Button>
        )}
      </div>
      {captions.length === 0 && (
        <p className="small muted">
          {t('sample.noCaptions')}{' '}
          {dataset.target && <Target name={dataset.target.name} value={targets[0]} />}
        </p>
      )}
      <ol className={css.captions}>
        {captions.map((caption, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: captions are their places
          <li key={place} className={css.caption}>
            {writing === place ? (
              <Writing
                text={caption}
                save={(text) => save(place, text)}
                cancel={() => setWriting(undefined)}
              />
            ) : (
              <div className="row" style={{ alignItems: 'flex-start' }}>
                <span className={`grow ${css.words}`}>{caption}</span>
                <ActionIcon
                  size={28}
                  disabled={!history}
                  aria-label={t('sample.edit', { place: place + 1 })}
                  onClick={() => setWriting(place)}
                >
                  <IconPencil size={15} />
                </ActionIcon>
                <ActionIcon
                  size={28}
                  disabled={!history}
                  aria-label={t('sample.remove', { place: place + 1 })}
                  onClick={() => keep(captions.toSpliced(place, 1))}
                >
                  <IconTrash size={15} />
                </ActionIcon>
              </div>
            )}
            {dataset.target && <Target name={dataset.target.name} value={targets[place]} />}
            {tokens?.texts?.[place] && <TokenLine tokenized={tokens.texts[place]} />}
          </li>
        ))}
      </ol>
      {tokens?.wrong !== undefined && <TokensFailed wrong={tokens.wrong} />}
      {writing === captions.length && writing !== undefined ? (
        <Writing
          text=""
          save={(text) => (text.trim() === '' ? setWriting(undefined) : keep([...captions, text.trim()]))}
          cancel={() => setWriting(undefined)}
        />
      ) : (
        <Button
          variant="default"
          size="compact-sm"
          style={{ alignSelf: 'flex-start' }}
          disabled={!history}
          leftSection={<IconPlus size={14} />}
          onClick={() => setWriting(captions.length)}
        >
          {t('sample.add')}
        </Button>
      )}
      {before && (
        <p className={`small muted ${css.before}`}>
          {t('sample.before', { text: before.join(' / ') || '–' })}
        </p>
      )}
    </section>
  );
}

function Target({ name, value }: { name: string; value?: string }) {
  const t = useT();
  return (
    <span className="small">
      <span className="muted">{name}</span> <strong>{said(t, value)}</strong>
    </span>
  );
}

interface WritingProps {
  text: string;
  save: (text: string) => void;
  cancel: () => void;
}

function Writing({ text, save, cancel }: WritingProps) {
  const t = useT();
  const [value, setValue] = useState(text);
  return (
    <form
      className="stack"
      style={{ gap: 6 }}
      onSubmit={(event) => {
        event.preventDefault();
        save(value);
      }}
    >
      <Textarea
        aria-label={t('sample.caption')}
        autosize
        minRows={2}
        maxLength={20_000}
        value={value}
        data-autofocus
        autoFocus
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            save(value);
          } else if (event.key === 'Escape') {
            event.stopPropagation();
            cancel();
          }
        }}
      />
      <div className="row">
        <Button type="submit" size="compact-sm">
          {t('common.save')}
        </Button>
        <Button variant="default" size="compact-sm" onClick={cancel}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
