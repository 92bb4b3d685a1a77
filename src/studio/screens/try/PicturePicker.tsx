/** A picture to ask about: one of the data set, or any file, dropped or chosen. */
import { Button, FileButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { StudioError } from '../../../core/errors.ts';
import type { SampleView, Split } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import css from './Try.module.css';

export interface PickedPicture {
  title: string;
  query: { image: number } | { pixels: Uint8Array; size: number };
}

const side = 224;

/** Centre square of a picture file on white, RGB bytes. @throws StudioError `image-decode` */
async function squareOf(file: File): Promise<{ pixels: Uint8Array; size: number }> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new StudioError(
      'image-decode',
      { file: file.name, message: 'the browser cannot read it' },
      { cause },
    );
  });
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, side, side);
  const edge = Math.min(bitmap.width, bitmap.height);
  context.drawImage(
    bitmap,
    (bitmap.width - edge) / 2,
    (bitmap.height - edge) / 2,
    edge,
    edge,
    0,
    0,
    side,
    side,
  );
  bitmap.close();
  const { data } = context.getImageData(0, 0, side, side);
  const pixels = new Uint8Array(side * side * 3);
  for (let i = 0; i < side * side; i++) pixels.set(data.subarray(i * 4, i * 4 + 3), i * 3);
  return { pixels, size: side };
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
