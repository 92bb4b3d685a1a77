/** A new run off a checkpoint of another: which step, by which recipe, and what that changes. */
import { Button, Modal, NativeSelect, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { RunSummary } from '../../../workers/api.ts';
import { branchRun } from '../../app/training.ts';
import { useT } from '../../i18n/index.ts';
import { currentRecipe, recipeStore } from '../../state/recipe.ts';
import { ChangesList } from './Changes.tsx';

export function BranchDialog({ run, at, close }: { run: RunSummary; at: number; close: () => void }) {
  const t = useT();
  const model = useStore(recipeStore, currentRecipe);
  const [step, setStep] = useState(at);
  const [which, setWhich] = useState('own');
  const [name, setName] = useState(run.name);
  const [busy, setBusy] = useState(false);
  const changed = which === 'model' ? model : undefined;
  const go = async () => {
    setBusy(true);
    const done = await branchRun(run.id, step, { recipe: changed, name: name.trim() || run.name });
    setBusy(false);
    if (done) close();
  };
  return (
    <Modal opened onClose={close} title={t('runs.branch.title', { name: run.name })} size="md">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <p className="muted small">{t('runs.branch.lead', { name: run.name })}</p>
        <NativeSelect
          label={t('runs.branch.step')}
          value={String(step)}
          onChange={(event) => setStep(Number(event.currentTarget.value))}
          data={run.checkpoints
            .toReversed()
            .map((one) => ({ value: String(one.step), label: t.count(one.step) }))}
        />
        <TextInput
          label={t('runs.name')}
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Radio.Group label={t('runs.branch.recipe')} value={which} onChange={setWhich}>
          <div className="stack" style={{ gap: 8, marginTop: 6 }}>
            <Radio value="own" label={t('runs.branch.own')} description={t('runs.branch.ownHelp')} />
            {model && <Radio value="model" label={`${t('runs.branch.model')}: ${model.name}`} />}
          </div>
        </Radio.Group>
        {changed && (
          <ChangesList from={run.recipe} to={changed} title={t('runs.changed.parent', { name: run.name })} />
        )}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('runs.branch.go')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
