/** A picture to ask about: one of the data set, or any file, dropped or chosen. */
import { Button, FileButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { SampleView, Split } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { squareOf } from './files.ts';
import css from './Try.module.css';

export interface PickedPicture {
  title: string;
  query: { image: number } | { pixels: Uint8Array; size: number };
}

export function PicturePicker({
  dataset,
  split,
  busy,
  onPick,
}: {
  dataset: string;
  split: Split | 'all';
  busy: boolean;
  onPick: (picked: PickedPicture) => void;
}) {
  const t = useT();
  const [strip, setStrip] = useState<SampleView[]>([]);
  const [offset, setOffset] = useState(0);
  useEffect(() => {
    let current = true;
    api()
      .data.samples(dataset, { offset, limit: 12, split: split === 'all' ? undefined : split })
      .then((page) => {
        if (!current) return;
        if (page.samples.length === 0 && offset > 0) setOffset(0);
        else setStrip(page.samples);
      }, reportError);
    return () => {
      current = false;
    };
  }, [dataset, split, offset]);
  const take = (file: File | null | undefined) => {
    if (file) squareOf(file).then((query) => onPick({ title: file.name, query }), reportError);
  };
  return (
    <section
      className={css.picker}
      aria-label={t('try.picture')}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files[0]);
      }}
    >
      <div className={css.strip}>
        {strip.map((sample) => (
          <button
            key={sample.index}
            type="button"
            disabled={busy}
            className={css.pick}
            onClick={() => onPick({ title: sample.file, query: { image: sample.index } })}
          >
            <Thumb dataset={dataset} index={sample.index} label={sample.captions[0]} />
          </button>
        ))}
      </div>
      <div className="row wrap">
        <FileButton accept="image/*" onChange={take}>
          {(props) => (
            <Button {...props} loading={busy}>
              {t('try.choose')}
            </Button>
          )}
        </FileButton>
        <Button variant="default" onClick={() => setOffset(offset + 12)}>
          {t('common.more')}
        </Button>
        <span className="muted small">{t('try.drop')}</span>
      </div>
    </section>
  );
}
