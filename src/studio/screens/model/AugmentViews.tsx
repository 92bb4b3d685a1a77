/** A training sample beside six views of it, made in the data worker by what training draws with. They follow the settings. */
import { Button } from '@mantine/core';
import { IconDice5, IconPhotoShare } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { asStudioError } from '../../../core/errors.ts';
import { errorText } from '../../../core/errorTexts.ts';
import type { Recipe } from '../../../core/recipe.ts';
import type { DatasetSummary, SampleViews } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { SoundThumb } from '../../components/SoundThumb.tsx';
import { useT } from '../../i18n/index.ts';
import { fill } from '../../i18n/texts.ts';
import css from './Augmentation.module.css';
import { augmentTexts as texts } from './augmentTexts.ts';
import { Mark, View } from './SampleView.tsx';

const hows = ['swap', 'synonym', 'dropout'] as const;

/** Milliseconds that a setting rests before views are asked for. */
const rest = 200;

interface Props {
  recipe: Recipe;
  dataset?: DatasetSummary;
  /** The settings have a mistake, so that nothing can be drawn. */
  wrong: boolean;
}

interface Shown {
  of: string;
  views?: SampleViews;
  wrong?: unknown;
}

export function AugmentViews({ recipe, dataset, wrong }: Props) {
  const t = useT();
  const [place, setPlace] = useState(0);
  const [seed, setSeed] = useState(0);
  const [shown, setShown] = useState<Shown>();
  const [busy, setBusy] = useState(false);
  const id = dataset?.id;
  // What else the recipe says changes no view.
  const key = JSON.stringify([
    recipe.data,
    recipe.seed,
    Object.keys(recipe.encoders),
    recipe.training.accumulate,
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds what of the recipe matters
  useEffect(() => {
    if (!id || wrong) return;
    let current = true;
    setBusy(true);
    const ask = () =>
      api()
        .data.views(id, recipe, place, seed)
        .then(
          (views) => current && setShown({ of: id, views }),
          (error: unknown) => current && setShown({ of: id, wrong: error }),
        )
        .finally(() => current && setBusy(false));
    const timer = setTimeout(ask, rest);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [id, key, wrong, place, seed]);
  const views = shown?.of === id ? shown?.views : undefined;
  const marked = hows.filter((how) =>
    views?.views.some(({ words }) => words.some((word) => word.how === how)),
  );
  const failed = shown?.of === id && shown?.wrong ? asStudioError(shown.wrong) : undefined;
  return (
    <section className={css.views} aria-label={t.pick(texts.views)} aria-busy={busy}>
      <div className="row wrap">
        <h3 className="grow">{t.pick(texts.views)}</h3>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPhotoShare size={13} />}
          disabled={!views}
          onClick={() => setPlace(place + 1)}
        >
          {t.pick(texts.other)}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconDice5 size={13} />}
          disabled={!views}
          onClick={() => setSeed(seed + 1)}
        >
          {t.pick(texts.seeds)}
        </Button>
      </div>
      {!dataset && <p className="small muted">{t.pick(texts.noData)}</p>}
      {wrong && <p className="small muted">{t.pick(texts.mend)}</p>}
      {dataset && busy && !views && !failed && <p className="small muted">{t('common.loading')}</p>}
      {failed && (
        <p className={css.wrong} role="alert">
          {errorText(failed.code, failed.params, t.locale).body}
        </p>
      )}
      {views && (
        <>
          <ul className={css.grid} data-old={wrong || busy}>
            <li data-original>
              <View seen={views.original} of={views} title={t.pick(texts.original)} />
              {dataset && views.seconds !== undefined && (
                <SoundThumb
                  dataset={dataset.id}
                  index={views.sample}
                  seconds={views.seconds}
                  name={views.file}
                />
              )}
            </li>
            {views.views.map((seen, k) => {
              const title = fill(t.pick(texts.view), { number: k + 1 }, t.locale);
              return (
                <li key={title}>
                  <View seen={seen} of={views} title={title} />
                </li>
              );
            })}
          </ul>
          {marked.length > 0 && (
            <p className={`small muted ${css.legend}`}>
              {t.pick(texts.changed)}{' '}
              {marked.map((how) => (
                <Mark key={how} how={how} text={t.pick(texts[how])} />
              ))}
            </p>
          )}
          <p className="small muted">
            {views.file} · {fill(t.pick(texts.about), { count: views.samples }, t.locale)}{' '}
            {!anyOn(recipe) && t.pick(texts.nothing)}
          </p>
        </>
      )}
    </section>
  );
}

const anyOn = ({ data: { augment } }: Recipe): boolean =>
  Object.values(augment).some((value) => value === true || (typeof value === 'number' && value > 0));
