/** One sample: its picture, words, sound and cells, as far as it has them, and what is to be predicted. */
import type { DatasetSummary, SampleView } from '../../../workers/api.ts';
import { SoundThumb } from '../../components/SoundThumb.tsx';
import { Thumb } from '../../components/Thumb.tsx';
import { type Translate, useT } from '../../i18n/index.ts';
import { modalitiesOf } from '../../state/datasets.ts';
import css from './Data.module.css';
import type { TileSize } from './tile.ts';

interface Props {
  dataset: DatasetSummary;
  sample: SampleView;
  size: TileSize;
  /** Opens everything about it. */
  open: () => void;
}

export function Tile({ dataset, sample, size, open }: Props) {
  const t = useT();
  const { captions, having, seconds, cells = {}, targets } = sample;
  const all = modalitiesOf(dataset);
  const names = Object.entries(cells);
  return (
    <>
      <button
        type="button"
        className={css.look}
        aria-label={t('data.details', { file: sample.file })}
        onClick={open}
      />
      {size.picture > 0 && <Picture dataset={dataset} sample={sample} side={size.picture} />}
      {size.lines > 0 && (
        <figcaption className="small" style={{ WebkitLineClamp: size.lines }} title={captions.join('\n')}>
          {captions[0] ?? <span className="muted">{t('data.without.text')}</span>}
          {captions.length > 1 && (
            <span className="muted"> {t('data.moreCaptions', { count: captions.length - 1 })}</span>
          )}
        </figcaption>
      )}
      {all.includes('audio') && (
        <div className={css.heard}>
          {seconds !== undefined && having.includes('audio') ? (
            <SoundThumb dataset={dataset.id} index={sample.index} seconds={seconds} name={sample.file} />
          ) : (
            <span className="small muted">{t('data.without.audio')}</span>
          )}
        </div>
      )}
      {size.cells > 0 && (
        <div className={`small ${css.cells}`}>
          {names.length === 0 && <span className="muted">{t('data.without.table')}</span>}
          {names.slice(0, size.cells).map(([name, value]) => (
            <div key={name} className="row" style={{ gap: 6 }}>
              <span className="muted ellipsis grow">{name}</span>
              <span className="number">{t.number(value)}</span>
            </div>
          ))}
        </div>
      )}
      {dataset.target && (
        <p className={`small ellipsis ${css.target}`}>
          <span className="muted">{dataset.target.name}</span> <strong>{said(t, targets?.[0])}</strong>
        </p>
      )}
    </>
  );
}

export const said = (t: Translate, target: string | undefined) => target || t('data.unknown');

export function Picture({
  dataset,
  sample: { index, having, captions, file },
  side,
}: {
  dataset: DatasetSummary;
  sample: SampleView;
  side: number;
}) {
  const t = useT();
  if (having.includes('image'))
    return <Thumb dataset={dataset.id} index={index} label={captions[0] ?? file} width={side} />;
  return (
    <span className={`small muted ${css.without}`} style={{ width: side, height: side }}>
      {t('data.without.image')}
    </span>
  );
}
