/** What a sweep tries: settings with their values, how points are chosen, how many trainings and how long; start, progress and a way out. */
import { Button, NativeSelect, NumberInput, SegmentedControl, Switch } from '@mantine/core';
import { useStore } from 'zustand';
import { asStudioError } from '../../../../core/errors.ts';
import { errorText } from '../../../../core/errorTexts.ts';
import { pairsPerStep, type Recipe } from '../../../../core/recipe.ts';
import { pointsOf, type SweepPlan } from '../../../../core/sweepPlan.ts';
import { goTo } from '../../../app/navigate.ts';
import { useT } from '../../../i18n/index.ts';
import { modalityName } from '../../../panels/modalityName.ts';
import { datasets, selectDataset } from '../../../state/datasets.ts';
import { runs } from '../../../state/runs.ts';
import { startSweep, sweeping } from '../../../state/sweeping.ts';
import { useTrialsBusy } from '../../../state/trialsBusy.ts';
import type { Setting } from '../../model/recipeSettings.ts';
import css from '../compare.module.css';
import { knownStepTime } from '../stepTime.ts';
import { AxisPicker } from './AxisPicker.tsx';
import { AxisRow } from './AxisRow.tsx';
import { Running } from './Running.tsx';
import { settingName } from './settingName.ts';
import own from './sweep.module.css';

/** Finished trials without which none is stopped. */
const least = 3;

export function Form({ recipe, settings }: { recipe: Recipe; settings: readonly Setting[] }) {
  const t = useT();
  const chosen = useStore(sweeping);
  const { axes, kind, trials, seeds, match, stop, keep, job, list } = chosen;
  const { list: sets, selected } = useStore(datasets);
  const runList = useStore(runs, (state) => state.list);
  const busy = useTrialsBusy();
  const dataset = selected ?? sets[0].id;
  const { steps } = recipe.training;
  const grid = kind === 'grid';
  const withFusion = axes.some(({ path }) => path === 'fusion.type');
  const plan: SweepPlan = {
    ...{ recipe, axes, kind, trials: grid ? 1 : trials, seeds, match, keep, seed: 0 },
    ...(stop && { stop: { grace: Math.ceil(steps / 4), least } }),
  };
  const counted = countOf(plan);
  const total = counted.points * (axes.some(({ path }) => path === 'seed') ? 1 : seeds);
  const known = knownStepTime(recipe.name, list, runList);
  const time = known && (total * steps * known) / 1000;
  const free = settings.filter(({ path }) => !axes.some((axis) => axis.path === path));
  const gone = axes.some(({ path }) => !settings.some((one) => one.path === path));
  const off = job !== undefined;
  return (
    <section className={`card ${css.section}`} aria-label={t('sweep.plan')}>
      <div className={own.columns}>
        <div className={css.side}>
          <h2>{t('sweep.axes')}</h2>
          {axes.length === 0 && <p className="muted small">{t('sweep.axesEmpty')}</p>}
          <ul className={own.axes}>
            {axes.map((axis) => (
              <AxisRow
                key={axis.path}
                axis={axis}
                name={settingName(t, settings, axis.path)}
                setting={settings.find(({ path }) => path === axis.path)}
                grid={grid}
                disabled={off}
              />
            ))}
          </ul>
          <AxisPicker settings={free} disabled={off} />
          {counted.says && axes.length > 0 && <p className={own.wrong}>{counted.says}</p>}
        </div>
        <div className={css.side}>
          <h2>{t('compare.recipe')}</h2>
          <p>
            {t('compare.recipeLine', {
              name: recipe.name,
              modalities: Object.keys(recipe.encoders)
                .map((name) => modalityName(t, name))
                .join(', '),
              steps,
              batch: pairsPerStep(recipe),
            })}{' '}
            <Button size="compact-xs" variant="default" onClick={() => goTo('model')} disabled={off}>
              {t('compare.change')}
            </Button>
          </p>
          <NativeSelect
            label={t('compare.data')}
            value={dataset}
            disabled={off}
            onChange={(event) => selectDataset(event.currentTarget.value)}
            data={sets.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <div>
            <SegmentedControl
              aria-label={t('sweep.kind')}
              value={kind}
              disabled={off}
              onChange={(next) => sweeping.setState({ kind: next === 'grid' ? 'grid' : 'random' })}
              data={(['random', 'grid'] as const).map((one) => ({
                value: one,
                label: t(`sweep.kind.${one}`),
              }))}
            />
            <p className="muted small" style={{ marginTop: 4 }}>
              {t('sweep.kindHelp')}
            </p>
          </div>
          <div className={own.pair}>
            {!grid && (
              <Count name={t('sweep.trials')} value={trials} most={1000} disabled={off} set="trials" />
            )}
            <Count name={t('sweep.seeds')} value={seeds} most={20} disabled={off} set="seeds" />
          </div>
          {withFusion && (
            <Switch
              label={t('compare.match')}
              description={t('compare.matchHelp')}
              checked={match}
              disabled={off}
              onChange={(event) => sweeping.setState({ match: event.currentTarget.checked })}
            />
          )}
          <Switch
            label={t('sweep.stop')}
            description={t('sweep.stopHelp')}
            checked={stop}
            disabled={off}
            onChange={(event) => sweeping.setState({ stop: event.currentTarget.checked })}
          />
          <Switch
            label={t('sweep.keep')}
            description={t('sweep.keepHelp')}
            checked={keep}
            disabled={off}
            onChange={(event) => sweeping.setState({ keep: event.currentTarget.checked })}
          />
        </div>
      </div>
      {off ? (
        <Running />
      ) : (
        <div className="row wrap">
          <Button
            disabled={busy || counted.points === 0 || gone}
            onClick={() => void startSweep(plan, dataset)}
          >
            {t('sweep.start')}
          </Button>
          <span className="number">
            {t('compare.trials', { trials: total })}
            {total > 0 &&
              `, ${time ? t('compare.time', { time: t.duration(time) }) : t('compare.timeLater')}`}
          </span>
          <span className="muted small">{t('compare.closes')}</span>
        </div>
      )}
    </section>
  );

  function countOf(asked: SweepPlan): { points: number; says?: string } {
    try {
      return { points: pointsOf(asked).length };
    } catch (error) {
      const { code, params } = asStudioError(error);
      return { points: 0, says: errorText(code, params, t.locale).body };
    }
  }
}

function Count(props: {
  name: string;
  value: number;
  most: number;
  disabled: boolean;
  set: 'trials' | 'seeds';
}) {
  return (
    <NumberInput
      label={props.name}
      value={props.value}
      min={1}
      max={props.most}
      allowDecimal={false}
      clampBehavior="strict"
      disabled={props.disabled}
      onChange={(value) =>
        typeof value === 'number' && value >= 1 && sweeping.setState({ [props.set]: value })
      }
    />
  );
}
