/** A new run on other data with the weights of this one: which data, what is replayed, what stays frozen, what is new; and what of the weights will be taken. */
import { Button, Checkbox, Modal, NativeSelect, NumberInput, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { recipeBehind } from '../../../core/stages.ts';
import type { Catalog, RunSummary } from '../../../workers/api.ts';
import { continueOn } from '../../app/training.ts';
import { useT } from '../../i18n/index.ts';
import { datasets, modalitiesOf } from '../../state/datasets.ts';
import { currentRecipe, recipeStore } from '../../state/recipe.ts';
import { inSentence } from '../model/sentences.ts';
import { datasetOf, defaultSamples, onwardRecipe } from './onward.ts';
import { ReplayFields } from './ReplayFields.tsx';
import { Taken } from './Taken.tsx';

interface Props {
  run: RunSummary;
  /** The checkpoint that is offered first. */
  at: number;
  close: () => void;
}

export function Continue(props: Props) {
  const catalog = useStore(recipeStore, (state) => state.catalog);
  return catalog ? <Form {...props} catalog={catalog} /> : null;
}

function Form({ run, at, close, catalog }: Props & { catalog: Catalog }) {
  const t = useT();
  const sets = useStore(datasets, (state) => state.list);
  const model = useStore(recipeStore, currentRecipe);
  const old = datasetOf(run, sets);
  const others = sets.filter(({ id }) => id !== old?.id);
  const [chosen, setChosen] = useState(others[0]?.id);
  const data = others.find(({ id }) => id === chosen) ?? others[0];
  const [step, setStep] = useState(at);
  const [name, setName] = useState(run.name);
  const [steps, setSteps] = useState(run.recipe.training.steps);
  const [which, setWhich] = useState('own');
  const [wanted, setWanted] = useState<readonly string[]>([]);
  const [replay, setReplay] = useState({
    on: true,
    samples: defaultSamples(old?.splits.train ?? 0),
    share: 0.5,
    byClass: old?.target?.kind === 'class',
  });
  const [measure, setMeasure] = useState(true);
  const [freeze, setFreeze] = useState(false);
  const [busy, setBusy] = useState(false);

  const base = which === 'model' && model ? recipeBehind(model, 0) : recipeBehind(run.recipe, step);
  const free = data ? modalitiesOf(data).filter((modality) => !base.encoders[modality]) : [];
  const recipe = onwardRecipe(
    base,
    {
      steps,
      added: free.filter((modality) => wanted.includes(modality)),
      old: old?.id,
      replay: replay.on ? replay : undefined,
      measure,
      freeze,
    },
    catalog,
  );
  const go = async () => {
    if (!data) return;
    setBusy(true);
    const done = await continueOn(recipe, data.id, name.trim() || run.name, { run: run.id, step });
    setBusy(false);
    if (done) close();
  };
  return (
    <Modal opened onClose={close} title={t('onward.title', { name: run.name })} size="lg">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <p className="muted small">{t('onward.lead', { name: run.name })}</p>
        {data ? (
          <NativeSelect
            label={t('onward.data')}
            value={data.id}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={others.map((set) => ({ value: set.id, label: set.name }))}
          />
        ) : (
          <p role="status">{t('onward.data.none')}</p>
        )}
        <div className="row wrap" style={{ alignItems: 'flex-end' }}>
          <TextInput
            className="grow"
            label={t('runs.name')}
            value={name}
            maxLength={120}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('onward.step')}
            value={String(step)}
            onChange={(event) => setStep(Number(event.currentTarget.value))}
            data={run.checkpoints
              .toReversed()
              .map((one) => ({ value: String(one.step), label: t.count(one.step) }))}
          />
          <NumberInput
            label={t('onward.steps')}
            value={steps}
            min={1}
            allowDecimal={false}
            w={110}
            onChange={(value) => typeof value === 'number' && value >= 1 && setSteps(value)}
          />
        </div>
        {model && (
          <Radio.Group label={t('onward.recipe')} value={which} onChange={setWhich}>
            <div className="row wrap" style={{ marginTop: 4, gap: 18 }}>
              <Radio value="own" label={t('onward.recipe.own')} />
              <Radio value="model" label={`${t('onward.recipe.model')}: ${model.name}`} />
            </div>
          </Radio.Group>
        )}
        {free.map((modality) => (
          <Checkbox
            key={modality}
            label={t('onward.add', { modality: inSentence(t, modality) })}
            description={t('onward.add.help')}
            checked={wanted.includes(modality)}
            onChange={(event) =>
              setWanted(
                event.currentTarget.checked
                  ? [...wanted, modality]
                  : wanted.filter((one) => one !== modality),
              )
            }
          />
        ))}
        {old ? (
          <>
            <ReplayFields old={old} value={replay} onChange={setReplay} />
            <Checkbox
              label={t('onward.measure')}
              description={t('onward.measure.help')}
              checked={measure}
              onChange={(event) => setMeasure(event.currentTarget.checked)}
            />
          </>
        ) : (
          <p className="small muted">{t('onward.replay.gone', { name: run.datasetName })}</p>
        )}
        <Checkbox
          label={t('onward.freeze')}
          description={t('onward.freeze.help')}
          checked={freeze}
          onChange={(event) => setFreeze(event.currentTarget.checked)}
        />
        {data && <Taken recipe={recipe} dataset={data.id} run={run.id} step={step} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={!data}>
            {t('onward.go')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
