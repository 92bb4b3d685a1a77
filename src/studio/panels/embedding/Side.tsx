/** Beside the map: what is measured of where the vectors lie, and the sample that is pointed at with those nearest to it. */
import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { Embedding } from '../../../workers/api.ts';
import { markPath } from '../../charts/marks.ts';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { pinned as pin } from '../../state/pinned.ts';
import { modalityName } from '../modalityName.ts';
import css from './embedding.module.css';
import { neighboursOf, type PointStyle } from './scene.ts';

interface Props {
  result: Embedding;
  dataset: string;
  point: number | undefined;
  pinned: readonly number[];
  selected: ReadonlySet<number>;
  styles: readonly PointStyle[];
  onPoint: (point: number) => void;
  onClear: () => void;
}

const listed = 6;

export function Side({ result, dataset, point, pinned, selected, styles, onPoint, onClear }: Props) {
  const t = useT();
  return (
    <div className={css.side}>
      <Figures result={result} />
      {selected.size > 0 && (
        <div className={css.selection}>
          <b>{t('embedding.selected', { count: selected.size })}</b>
          <Button size="compact-xs" variant="default" onClick={onClear}>
            {t('embedding.clear')}
          </Button>
          <PointList
            result={result}
            styles={styles}
            points={[...selected].slice(0, listed).map((one) => ({ point: one }))}
            onPoint={onPoint}
          />
        </div>
      )}
      {point === undefined ? (
        <span className="muted">{t('embedding.hint')}</span>
      ) : (
        <Chosen {...{ result, dataset, point, styles, onPoint }} isPinned={pinned.includes(point)} />
      )}
    </div>
  );
}

function Figures({ result }: { result: Embedding }) {
  const t = useT();
  const { kinds, rank, uniformity, gap, alignment, width } = result;
  const name = (of: string) => (of === 'fused' ? t('modality.fused') : modalityName(t, of));
  const rows: [string, number, string?][] = [];
  if (gap !== undefined) rows.push([t('embedding.gap'), gap]);
  if (alignment !== undefined) rows.push([t('embedding.alignment'), alignment]);
  for (const [i, of] of kinds.entries())
    rows.push([
      t('embedding.measureOf', { measure: t('embedding.uniformity'), modality: name(of) }),
      uniformity[i],
    ]);
  for (const [i, of] of kinds.entries())
    rows.push([
      t('embedding.measureOf', { measure: t('embedding.rank'), modality: name(of) }),
      rank[i],
      t('embedding.of', { width }),
    ]);
  return (
    <dl className={css.figures}>
      {rows.map(([label, value, note]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="number">
            {t.number(value)} {note && <small className="muted">{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Chosen({
  result,
  dataset,
  point,
  isPinned,
  styles,
  onPoint,
}: Pick<Props, 'result' | 'dataset' | 'styles' | 'onPoint'> & { point: number; isPinned: boolean }) {
  const t = useT();
  const near = useMemo(() => neighboursOf(result, point, listed), [result, point]);
  const { sample, caption, text, target, figure, file } = result.samples[result.sample[point]];
  return (
    <div className={css.chosen}>
      <div className={css.sample}>
        {result.pictured && (
          <Thumb
            dataset={dataset}
            index={sample}
            size={64}
            width={64}
            label={t('train.picture', { index: sample })}
          />
        )}
        <div aria-live="polite">
          <b>{text ?? file}</b>
          <br />
          <span className="muted">
            {[
              t('embedding.sample', { index: sample }),
              target,
              Number.isFinite(figure) && t('embedding.loss', { value: t.number(figure) }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </div>
      </div>
      <Button
        size="compact-xs"
        variant="default"
        disabled={isPinned}
        onClick={() => pin.setState({ image: sample, caption })}
      >
        {t(isPinned ? 'embedding.pinned' : 'embedding.pin')}
      </Button>
      <h3 className={css.heading}>{t('embedding.nearest')}</h3>
      <PointList result={result} styles={styles} points={near} onPoint={onPoint} />
    </div>
  );
}

function PointList({
  result,
  styles,
  points,
  onPoint,
}: Pick<Props, 'result' | 'styles' | 'onPoint'> & { points: readonly { point: number; cosine?: number }[] }) {
  const t = useT();
  return (
    <ol className={css.list}>
      {points.map(({ point, cosine }) => {
        const { sample, text, file } = result.samples[result.sample[point]];
        const { mark, color } = styles[point];
        return (
          <li key={point}>
            <button type="button" onClick={() => onPoint(point)} title={text ?? file}>
              <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
                <path d={markPath(mark, 4)} fill={color} />
              </svg>
              <span className={css.name}>{text ?? t('embedding.sample', { index: sample })}</span>
              {cosine !== undefined && <span className="number">{t.number(cosine)}</span>}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
