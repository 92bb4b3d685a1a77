/** Everything about one sample, beside the list that it stands in: arrows lead to its neighbours; captions are edited and the sample is left out here. */
import { ActionIcon, Alert, Button, Drawer } from '@mantine/core';
import { IconBan, IconCheck, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DatasetSummary, SampleDetails } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { SoundThumb } from '../../components/SoundThumb.tsx';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { browsing, openPlace } from '../../state/browsing.ts';
import { cleaningStore, keepSample, leaveSample } from '../../state/cleaning.ts';
import { Captions } from './Captions.tsx';
import css from './SampleDrawer.module.css';
import { UndoButtons } from './UndoButtons.tsx';
import { stampOf, type Windows } from './useWindows.ts';

export function SampleDrawer({ dataset, windows }: { dataset: DatasetSummary; windows: Windows }) {
  const t = useT();
  const { open } = useStore(browsing);
  const { history } = useStore(cleaningStore);
  const sample = useOpen(dataset, windows, open);
  const total = windows.total ?? 0;
  // Left out, it may have gone from the list; its neighbour stands in its place then.
  const here = open === undefined ? undefined : windows.at(open);
  const gone = sample !== undefined && here !== undefined && here.index !== sample.index;
  const next = open === undefined ? undefined : gone ? open : open + 1;
  const previous = open === undefined ? undefined : open - 1;
  const can = { previous: previous !== undefined && previous >= 0, next: next !== undefined && next < total };
  const [forced, setForced] = useState(0);
  const go = (place: number | undefined) => {
    if (place === undefined || place < 0 || place >= total) return;
    openPlace(place);
    setForced(forced + 1);
  };
  useEffect(() => {
    if (open !== undefined) windows.see(Math.max(0, open - 60), open + 60);
  }, [open, windows]);
  const onKeyDown = (event: KeyboardEvent) => {
    const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, canvas');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowLeft') go(previous);
    else if (event.key === 'ArrowRight') go(next);
  };
  return (
    <Drawer
      opened={open !== undefined}
      onClose={() => openPlace(undefined)}
      onKeyDown={onKeyDown}
      position="right"
      size={520}
      title={open === undefined ? '' : t('sample.title', { place: open + 1, total })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className="row" style={{ marginBottom: 14 }}>
        <ActionIcon
          variant="default"
          size={32}
          aria-label={t('sample.previous')}
          disabled={!can.previous}
          onClick={() => go(previous)}
        >
          <IconChevronLeft size={17} />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={32}
          aria-label={t('sample.next')}
          disabled={!can.next}
          onClick={() => go(next)}
        >
          <IconChevronRight size={17} />
        </ActionIcon>
        <span className="grow" />
        <UndoButtons />
        {sample && (
          <Button
            variant="default"
            size="compact-md"
            disabled={!history}
            leftSection={sample.dropped ? <IconCheck size={15} /> : <IconBan size={15} />}
            onClick={() => (sample.dropped ? keepSample : leaveSample)(sample.index)}
          >
            {t(sample.dropped ? 'clean.keep' : 'clean.leave')}
          </Button>
        )}
      </div>
      {sample && <Sample dataset={dataset} sample={sample} />}
    </Drawer>
  );
}

/** The details of what is open, kept while the list around it changes. */
function useOpen(
  dataset: DatasetSummary,
  windows: Windows,
  open: number | undefined,
): SampleDetails | undefined {
  const [index, setIndex] = useState<number>();
  const [sample, setSample] = useState<SampleDetails>();
  const at = open === undefined ? undefined : windows.at(open)?.index;
  const known = at !== undefined;
  // Another place, or the answer that says which sample stands there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: that another one came to stand there changes nothing
  useEffect(() => {
    setIndex(at);
    if (open === undefined) setSample(undefined);
  }, [open, known]);
  const stamp = stampOf(dataset);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an edit changes what is shown
  useEffect(() => {
    if (index === undefined) return;
    let current = true;
    api()
      .data.sample(dataset.id, index)
      .then((found) => current && setSample(found), reportError);
    return () => {
      current = false;
    };
  }, [dataset.id, index, stamp]);
  return sample?.index === index || index === undefined ? sample : undefined;
}

function Sample({ dataset, sample }: { dataset: DatasetSummary; sample: SampleDetails }) {
  const t = useT();
  const {
    index,
    file,
    having,
    captions,
    seconds,
    cells = {},
    shown,
    split,
    stated,
    source,
    dropped,
  } = sample;
  const side = dataset.storedSize;
  return (
    <div className="stack" style={{ gap: 18 }}>
      {dropped && <Alert color="yellow">{t('sample.out')}</Alert>}
      {having.includes('image') && (
        <div className={css.picture}>
          <Thumb
            key={index}
            dataset={dataset.id}
            index={index}
            size={side}
            label={captions[0] ?? file}
            width={Math.max(200, Math.min(440, side * 3))}
          />
        </div>
      )}
      {seconds !== undefined && having.includes('audio') && (
        <SoundThumb key={index} dataset={dataset.id} index={index} seconds={seconds} name={file} />
      )}
      <Captions key={index} dataset={dataset} sample={sample} />
      <dl className={css.facts}>
        {Object.entries(cells).map(([name, value]) => (
          <Fact key={name} name={name}>
            <span className="number">{t.number(value)}</span>
          </Fact>
        ))}
        <Fact name={t('sample.file')}>{file}</Fact>
        {having.includes('image') && (
          <Fact name={t('sample.size')}>
            {shown ? t('sample.sizeOf', { ...shown, side }) : t('sample.sizeKept', { side })}
          </Fact>
        )}
        <Fact name={t('sample.split')}>
          {stated ? t('sample.stated', { split: t(`split.${stated}`) }) : t(`split.${split}`)}
        </Fact>
        {source !== undefined && <Fact name={t('sample.source')}>{source}</Fact>}
      </dl>
      <p className="small muted">{t('sample.keptNote')}</p>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="muted">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
