/** What is measured: run and step, data and split, controls, curves, zero-shot, distance; the way to start and to stop. */
import { Button, Checkbox, NativeSelect, NumberInput, SegmentedControl } from '@mantine/core';
import { useId } from 'react';
import { useStore } from 'zustand';
import type { RunSummary } from '../../../workers/api.ts';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { RunField } from '../../components/RunField.tsx';
import { useT } from '../../i18n/index.ts';
import { contrasts } from '../../panels/fits.ts';
import { datasets } from '../../state/datasets.ts';
import {
  cancelEvaluation,
  changeForm,
  evaluating,
  linesOf,
  optionsOf,
  startEvaluation,
} from '../../state/evaluating.ts';
import { session } from '../../state/session.ts';
import css from './evaluate.module.css';
import { ZeroShotForm } from './ZeroShotForm.tsx';

const splits = ['validation', 'test', 'train', 'all'] as const;

/** What a field means stands under it. */
const order: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

export function Plan({ runs }: { runs: readonly RunSummary[] }) {
  const t = useT();
  const state = useStore(evaluating);
  const sets = useStore(datasets, ({ list }) => list);
  const open = useStore(session, ({ run }) => run);
  const step = useStore(session, (status) => status.step);
  const splitName = useId();
  const { form, job, progress } = state;
  const run = runs.find(({ id }) => id === state.run) ?? runs.find(({ id }) => id === open) ?? runs[0];
  const { recipe, checkpoints } = run;
  const steps = [...new Set(checkpoints.map((one) => one.step))].sort((a, b) => b - a);
  const chosenStep = steps.find((one) => one === state.step) ?? steps[0];
  const set = sets.find(({ id }) => id === (state.dataset ?? run.dataset)) ?? sets[0];
  const zeroShot = contrasts(recipe) && recipe.encoders['text'] !== undefined;
  const captions = recipe.objectives.some(({ type }) => type === 'captioning');
  const classes = set?.target?.kind === 'class' ? set.target.classes : [];
  const typed = form.typed || classes.length < 2;
  const fewClasses = zeroShot && form.zeroShot && typed && new Set(linesOf(form.classes)).size < 2;
  const nameOf = ({ id, name }: { id: string; name: string }) =>
    id === run.dataset ? t('evaluate.ownData', { name }) : name;
  const begin = () =>
    void startEvaluation(
      { run: run.id, step: chosenStep, ...(set && { dataset: set.id }) },
      optionsOf({ ...form, typed }, { zeroShot, captions }, state.frechetDataset),
    );
  return (
    <section className={`card ${css.section}`} aria-label={t('evaluate.what')}>
      <div className={css.fields}>
        <RunField
          label={t('evaluate.run')}
          description={t('evaluate.runHelp')}
          value={{ run: run.id, name: run.name, step: run.step, recipe }}
          onChange={(teacher) =>
            evaluating.setState({ run: teacher.run, step: undefined, dataset: undefined })
          }
          disabled={job !== undefined}
        />
        <NativeSelect
          label={t('evaluate.step')}
          description={run.id === open && step > (steps[0] ?? 0) ? t('evaluate.later', { step }) : undefined}
          inputWrapperOrder={order}
          value={String(chosenStep)}
          onChange={(event) => evaluating.setState({ step: Number(event.currentTarget.value) })}
          data={steps.map((one) => ({ value: String(one), label: t('evaluate.stepOf', { step: one }) }))}
        />
        <NativeSelect
          label={t('evaluate.data')}
          value={set?.id}
          onChange={(event) => evaluating.setState({ dataset: event.currentTarget.value })}
          data={sets.map((one) => ({ value: one.id, label: nameOf(one) }))}
        />
        <div>
          <span id={splitName} className={css.label}>
            {t('evaluate.split')}
          </span>
          <SegmentedControl
            size="xs"
            aria-labelledby={splitName}
            value={form.split}
            onChange={(next) => changeForm({ split: splits.find((one) => one === next) ?? 'validation' })}
            data={splits.map((one) => ({ value: one, label: t(`split.${one}`) }))}
          />
        </div>
      </div>
      <div className={css.checks}>
        <Checkbox
          label={t('evaluate.controls')}
          description={t('evaluate.controlsHelp')}
          checked={form.controls}
          onChange={(event) => changeForm({ controls: event.currentTarget.checked })}
        />
        <Checkbox
          label={t('evaluate.robustness')}
          description={t('evaluate.robustnessHelp')}
          checked={form.robustness}
          onChange={(event) => changeForm({ robustness: event.currentTarget.checked })}
        />
        {zeroShot && (
          <Checkbox
            label={t('evaluate.zeroShot')}
            description={t('evaluate.zeroShotHelp')}
            checked={form.zeroShot}
            onChange={(event) => changeForm({ zeroShot: event.currentTarget.checked })}
          />
        )}
      </div>
      {zeroShot && form.zeroShot && <ZeroShotForm classes={classes} few={fewClasses} />}
      <details className={css.more}>
        <summary>{t('evaluate.more')}</summary>
        <div className={css.fields}>
          <NumberInput
            label={t('evaluate.limit')}
            description={t('evaluate.limitHelp')}
            inputWrapperOrder={order}
            value={form.limit ?? ''}
            min={1}
            allowDecimal={false}
            onChange={(value) => changeForm({ limit: typeof value === 'number' ? value : undefined })}
          />
          <NumberInput
            label={t('evaluate.bootstrap')}
            description={t('evaluate.bootstrapHelp')}
            inputWrapperOrder={order}
            value={form.bootstrap}
            min={0}
            max={10000}
            step={100}
            allowDecimal={false}
            onChange={(value) => changeForm({ bootstrap: Number(value) || 0 })}
          />
          {captions && (
            <NumberInput
              label={t('evaluate.captions')}
              value={form.captions}
              min={1}
              allowDecimal={false}
              onChange={(value) => changeForm({ captions: Number(value) || 1 })}
            />
          )}
          <NativeSelect
            label={t('evaluate.frechet')}
            description={t('evaluate.frechetHelp')}
            inputWrapperOrder={order}
            value={form.frechet}
            onChange={(event) => {
              const { value } = event.currentTarget;
              changeForm({ frechet: splits.find((one) => one === value) ?? 'none' });
            }}
            data={[
              { value: 'none', label: t('evaluate.frechetNone') },
              ...splits.map((one) => ({ value: one, label: t(`split.${one}`) })),
            ]}
          />
          {form.frechet !== 'none' && (
            <NativeSelect
              label={t('evaluate.frechetData')}
              value={state.frechetDataset ?? set?.id}
              onChange={(event) => evaluating.setState({ frechetDataset: event.currentTarget.value })}
              data={sets.map((one) => ({ value: one.id, label: nameOf(one) }))}
            />
          )}
        </div>
      </details>
      {job ? (
        <ProgressLine progress={progress} cancel={cancelEvaluation} />
      ) : (
        <div>
          <Button onClick={begin} disabled={fewClasses || !set}>
            {t('evaluate.start')}
          </Button>
        </div>
      )}
    </section>
  );
}
