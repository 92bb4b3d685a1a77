/** One sample of the grid: its picture, or a glyph of what it has instead; its first caption in a line; marks. */
import { IconBan, IconPencil, IconTable, IconTypography, IconVolume } from '@tabler/icons-react';
import { type KeyboardEvent, memo, useEffect, useRef } from 'react';
import type { SampleView } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import css from './Grid.module.css';
import type { Picture } from './sheets.ts';

interface Props {
  place: number;
  count: number;
  /** Corner and side of the square, pixels. */
  x: number;
  y: number;
  side: number;
  /** Undefined while it is on its way. */
  sample?: SampleView;
  picture?: Picture;
  /** The one that the Tab key leads to. */
  active: boolean;
  onKey: (event: KeyboardEvent, place: number) => void;
  onOpen: (place: number) => void;
}

/** Whether a sample has a picture or, without one, a sound whose outline stands for it. */
export const isDrawn = ({ having }: SampleView): boolean =>
  having.includes('image') || having.includes('audio');

export const Cell = memo(function Cell(props: Props) {
  const { place, count, x, y, side, sample, picture, active, onKey, onOpen } = props;
  const t = useT();
  const words = sample?.captions[0] ?? sample?.targets?.find(Boolean) ?? sample?.file ?? '';
  const marks = sample
    ? [
        sample.having.includes('audio') && t('grid.sound'),
        sample.edited && t('grid.edited'),
        t(`split.${sample.dropped ? 'dropped' : sample.split}`),
      ].filter(Boolean)
    : [];
  const drawn = sample !== undefined && isDrawn(sample);
  return (
    <li
      className={css.place}
      style={{ transform: `translate(${x}px, ${y}px)`, width: side }}
      aria-setsize={count}
      aria-posinset={place + 1}
    >
      <button
        type="button"
        className={css.cell}
        data-place={place}
        data-dropped={sample?.dropped ?? false}
        tabIndex={active ? 0 : -1}
        aria-label={[words, ...marks].join(', ')}
        title={sample?.captions.join('\n') || sample?.file}
        onClick={() => onOpen(place)}
        onKeyDown={(event) => onKey(event, place)}
      >
        <span className={css.picture} style={{ height: side }}>
          <Canvas picture={drawn ? picture : undefined} />
          {sample && !drawn && <Glyph sample={sample} />}
          {sample && (
            <span className={css.marks} aria-hidden>
              {sample.dropped && <IconBan size={14} />}
              {sample.edited && <IconPencil size={14} />}
              {sample.having.includes('audio') && <IconVolume size={14} />}
              {sample.split !== 'train' && <b>{t(`split.${sample.split}`).slice(0, 1)}</b>}
            </span>
          )}
        </span>
        <span className={`small ellipsis ${css.words}`}>{words}</span>
      </button>
    </li>
  );
});

function Canvas({ picture }: { picture?: Picture }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    if (!picture) {
      context.clearRect(0, 0, canvas.current.width, canvas.current.height);
      return;
    }
    const { image, x, y, side } = picture;
    if (canvas.current.width !== side) {
      canvas.current.width = side;
      canvas.current.height = side;
    }
    // Outlines of sounds are clear between their bars.
    context.clearRect(0, 0, side, side);
    context.drawImage(image, x, y, side, side, 0, 0, side, side);
  }, [picture]);
  return (
    <canvas
      ref={canvas}
      width={1}
      height={1}
      className={css.canvas}
      data-drawn={picture !== undefined}
      aria-hidden
    />
  );
}

/** What stands where there is no picture. */
function Glyph({ sample }: { sample: SampleView }) {
  const t = useT();
  const { having, captions, cells = {} } = sample;
  if (having.includes('text'))
    return (
      <span className={css.glyph} data-kind="text">
        <IconTypography size={22} stroke={1.4} />
        <span className={`small ${css.excerpt}`}>{captions[0]}</span>
      </span>
    );
  return (
    <span className={css.glyph} data-kind="table">
      <IconTable size={26} stroke={1.4} />
      <span className={`small ${css.excerpt}`}>
        {Object.entries(cells)
          .slice(0, 3)
          .map(([name, value]) => `${name} ${t.number(value)}`)
          .join('\n')}
      </span>
    </span>
  );
}
