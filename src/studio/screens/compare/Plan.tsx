/** What is compared: recipe, data, fusions, seeds; an estimate of the time; start, progress and a way out. */
import { Button, Checkbox, NativeSelect, NumberInput, Switch } from '@mantine/core';
import { useStore } from 'zustand';
import { pairsPerStep, type Recipe } from '../../../core/recipe.ts';
import type { Catalog } from '../../../workers/api.ts';
import { goTo } from '../../app/navigate.ts';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { cancelComparison, comparing, startComparison } from '../../state/comparing.ts';
import { datasets, selectDataset } from '../../state/datasets.ts';
import { runs } from '../../state/runs.ts';
import { shareDone } from '../../state/trialClock.ts';
import { useTrialsBusy } from '../../state/trialsBusy.ts';
import css from './compare.module.css';
import { fittingFusions, hasControls } from './fitting.ts';
import { methodName } from './methodName.ts';
import { knownStepTime } from './stepTime.ts';
import { Underway } from './Underway.tsx';

export function Plan({ recipe, catalog }: { recipe: Recipe; catalog: Catalog }) {
  const t = useT();
  const { left, seeds, match, controls, job, list } = useStore(comparing);
  const { list: sets, selected } = useStore(datasets);
  const runList = useStore(runs, (state) => state.list);
  const busy = useTrialsBusy();
  const fits = fittingFusions(recipe, catalog);
  const chosen = fits.filter(({ type }) => !left.includes(type));
  const modalities = Object.keys(recipe.encoders);
  const controllable = hasControls(recipe, catalog.objectives);
  const withControls = controls && controllable;
  const trials = seeds * (chosen.length + (withControls ? modalities.length + 1 : 0));
  const dataset = selected ?? sets[0].id;
  const known = knownStepTime(recipe.name, list, runList);
  const time = known && (trials * recipe.training.steps * known) / 1000;
  const choose = (types: string[]) => comparing.setState({ left: types });
  const start = () =>
    void startComparison(
      { recipe, fusions: chosen.map(({ type }) => type), seeds, match, controls: withControls },
      dataset,
    );
  return (
    <section className={`card ${css.section}`} aria-label={t('compare.plan')}>
      <div className={css.two}>
        <div className={css.side}>
          <h2>{t('compare.recipe')}</h2>
          <p>
            {t('compare.recipeLine', {
              name: recipe.name,
              modalities: modalities.map((name) => modalityName(t, name)).join(', '),
              steps: recipe.training.steps,
              batch: pairsPerStep(recipe),
            })}
          </p>
          <div>
            <Button size="xs" variant="default" onClick={() => goTo('model')} disabled={job !== undefined}>
              {t('compare.change')}
            </Button>
          </div>
          <NativeSelect
            label={t('compare.data')}
            value={dataset}
            disabled={job !== undefined}
            onChange={(event) => selectDataset(event.currentTarget.value)}
            data={sets.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <NumberInput
            label={t('compare.seeds')}
            description={t('compare.seedsHelp')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={seeds}
            min={1}
            max={20}
            allowDecimal={false}
            clampBehavior="strict"
            disabled={job !== undefined}
            onChange={(value) =>
              typeof value === 'number' && value >= 1 && comparing.setState({ seeds: value })
            }
          />
        </div>
        <fieldset className={css.fusions} disabled={job !== undefined}>
          <legend>
            <h2>{t('compare.fusions')}</h2>
          </legend>
          <div className="row">
            <Button size="compact-xs" variant="default" onClick={() => choose([])}>
              {t('compare.all')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => choose(fits.map(({ type }) => type))}>
              {t('compare.none')}
            </Button>
          </div>
          <div className={css.checks}>
            {fits.map(({ type, title, summary }) => (
              <Checkbox
                key={type}
                label={t.pick(title)}
                title={t.pick(summary)}
                checked={!left.includes(type)}
                onChange={(event) =>
                  choose(event.currentTarget.checked ? left.filter((one) => one !== type) : [...left, type])
                }
              />
            ))}
          </div>
        </fieldset>
        <div className={css.side}>
          <Switch
            label={t('compare.match')}
            description={t('compare.matchHelp')}
            checked={match}
            disabled={job !== undefined}
            onChange={(event) => comparing.setState({ match: event.currentTarget.checked })}
          />
          <Switch
            label={t('compare.controls')}
            description={t(controllable ? 'compare.controlsHelp' : 'compare.controlsNone')}
            checked={withControls}
            disabled={!controllable || job !== undefined}
            onChange={(event) => comparing.setState({ controls: event.currentTarget.checked })}
          />
        </div>
      </div>
      {modalities.length < 2 ? (
        <p className="muted">{t('compare.emptyOne')}</p>
      ) : job ? (
        <Comparing catalog={catalog} />
      ) : (
        <div className="row wrap">
          <Button onClick={start} disabled={chosen.length === 0 || busy}>
            {t('compare.start')}
          </Button>
          <span className="number">
            {t('compare.trials', { trials })},{' '}
            {time ? t('compare.time', { time: t.duration(time) }) : t('compare.timeLater')}
          </span>
          <span className="muted small">{t('compare.closes')}</span>
        </div>
      )}
    </section>
  );
}

function Comparing({ catalog }: { catalog: Catalog }) {
  const t = useT();
  const { progress, secondsLeft } = useStore(comparing);
  return (
    <Underway
      label={t('compare.byMethod')}
      says={
        progress &&
        t('compare.running', {
          done: progress.done + 1,
          total: progress.total,
          name: methodName(t, catalog, progress.kind, progress.name),
          seed: progress.seed,
          step: progress.step,
          steps: progress.steps,
        })
      }
      share={progress && shareDone(progress)}
      secondsLeft={secondsLeft}
      cancel={cancelComparison}
    />
  );
}
