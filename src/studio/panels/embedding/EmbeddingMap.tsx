/** The map with its legend, and beside it what was measured and the sample that is pointed at. */
import { Button } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Embedding } from '../../../workers/api.ts';
import { ErrorText } from '../../app/report.tsx';
import { markPath } from '../../charts/marks.ts';
import { usePainter } from '../../charts/usePainter.ts';
import { pictureOf } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { pinned } from '../../state/pinned.ts';
import { useTokens } from '../../theme/useTokens.ts';
import type { LookProps } from '../lookPanel.tsx';
import css from './embedding.module.css';
import { paintMap, project } from './paintMap.ts';
import { Side } from './Side.tsx';
import { type Scene, sceneOf } from './scene.ts';
import { useMap } from './useMap.ts';
import { useMapInput } from './useMapInput.ts';

const none: ReadonlySet<number> = new Set();

export function EmbeddingMap({ result, settings, run, dataset }: LookProps<Embedding>) {
  const t = useT();
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number>();
  const [selected, setSelected] = useState(none);
  const pin = useStore(pinned);
  const umap = settings['map'] === 'umap';
  const laid = useMap(result, run, {
    map: umap ? 'umap' : 'pca',
    neighbours: Number(settings['neighbours']),
    least: Number(settings['least']),
  });
  // The answer that the places are of; a newer one is shown when its map is there.
  const shown = laid.result;
  const { places } = laid;
  const scene = useMemo(
    () => sceneOf(shown, String(settings['color']), tokens, t),
    [shown, settings['color'], tokens, t],
  );
  const count = shown.kind.length;
  const here = pointed !== undefined && pointed < count ? pointed : undefined;
  const pinnedPoints = useMemo(
    () =>
      [...shown.kind.keys()].filter((point) => {
        const { sample, caption } = shown.samples[shown.sample[point]];
        return sample === pin.image && caption === pin.caption;
      }),
    [shown, pin],
  );
  const partners = useMemo(
    () =>
      here === undefined
        ? []
        : [...shown.sample.keys()].filter(
            (point) => point !== here && shown.sample[point] === shown.sample[here],
          ),
    [shown, here],
  );
  const small = useThumbs(shown, dataset, settings['pictures'] === true && shown.pictured);
  const at = () => project(places, area.current?.clientWidth ?? 1, area.current?.clientHeight ?? 1, view);
  const { view, lasso, handlers } = useMapInput({
    area,
    at,
    pointed: here,
    point: setPointed,
    pin: (point) => {
      setPointed(point);
      const { sample, caption } = shown.samples[shown.sample[point]];
      pinned.setState({ image: sample, caption });
    },
    select: (points, add) => setSelected((old) => new Set(add ? [...old, ...points] : points)),
    clear: () => {
      setPointed(undefined);
      setSelected(none);
    },
  });
  const share = (n: number) => t.percent(shown.explained[n] ?? 0);
  const names = umap
    ? { x: t('embedding.umap'), y: '' }
    : {
        x: t('embedding.component', { n: 1, share: share(0) }),
        y: t('embedding.component', { n: 2, share: share(1) }),
      };
  usePainter(
    canvas,
    (context, width, height) => {
      const { styles } = scene;
      const drawing = { places, styles, names, pointed: here, partners, pinned: pinnedPoints, selected };
      paintMap(context, width, height, { ...drawing, picture: small?.of }, view, tokens);
    },
    () => `${small?.loaded.count}`,
  );
  return (
    <div className={css.whole}>
      <div className={css.left}>
        <Legend scene={scene} />
        <div
          ref={area}
          className={css.area}
          role="application"
          aria-label={t('embedding.label', { count, samples: shown.samples.length })}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: points are moved through by keys
          tabIndex={0}
          {...handlers}
        >
          <canvas ref={canvas} className={css.canvas} />
          {lasso.length > 1 && (
            <svg className={css.canvas} aria-hidden="true">
              <polygon points={lasso.map((one) => one.join(',')).join(' ')} className={css.lasso} />
            </svg>
          )}
          {laid.working && (
            <span className={css.working}>
              {t('embedding.working', { share: t.percent(laid.share ?? 0) })}
              {laid.cancel && (
                <Button size="compact-xs" variant="default" onClick={laid.cancel}>
                  {t('common.cancel')}
                </Button>
              )}
            </span>
          )}
          {laid.stopped && <span className={css.working}>{t('embedding.stopped')}</span>}
        </div>
        {laid.error !== undefined && <ErrorText error={laid.error} />}
      </div>
      <Side
        result={shown}
        dataset={dataset}
        point={here ?? pinnedPoints[0]}
        pinned={pinnedPoints}
        selected={selected}
        styles={scene.styles}
        onPoint={setPointed}
        onClear={() => setSelected(none)}
      />
    </div>
  );
}

function Legend({ scene: { legend, ramp } }: { scene: Scene }) {
  const t = useT();
  if (ramp)
    return (
      <div className={css.legend}>
        <span>{t('embedding.lossScale', { from: t.number(ramp.from), to: t.number(ramp.to) })}</span>
        <i style={{ background: `linear-gradient(90deg, ${ramp.colors.join(', ')})` }} />
      </div>
    );
  return (
    <ul className={css.legend}>
      {legend.map(({ name, style }) => (
        <li key={name}>
          <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
            <path d={markPath(style.mark, 4)} fill={style.color} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

/** Small pictures of the points that are pictures, drawn where they lie; they come a few at a time. */
function useThumbs(result: Embedding, dataset: string, wanted: boolean) {
  return useMemo(() => {
    if (!wanted) return undefined;
    const loaded = { count: 0 };
    const pictures = new Map<number, HTMLCanvasElement>();
    const isPicture = (point: number) => ['image', 'fused'].includes(result.kinds[result.kind[point]]);
    for (const point of result.kind.keys()) {
      if (!isPicture(point)) continue;
      void pictureOf(dataset, result.samples[result.sample[point]].sample, 48).then(
        (pixels) => {
          const side = Math.round(Math.sqrt(pixels.length / 3));
          const canvas = document.createElement('canvas');
          canvas.width = side;
          canvas.height = side;
          const image = new ImageData(side, side);
          for (let i = 0; i < side * side; i++) {
            image.data.set(pixels.subarray(3 * i, 3 * i + 3), 4 * i);
            image.data[4 * i + 3] = 255;
          }
          canvas.getContext('2d')?.putImageData(image, 0, 0);
          pictures.set(point, canvas);
          loaded.count++;
        },
        () => undefined,
      );
    }
    return { loaded, of: (point: number) => pictures.get(point) };
  }, [result, dataset, wanted]);
}
