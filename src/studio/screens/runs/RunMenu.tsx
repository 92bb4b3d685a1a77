/** What can be done with a run besides opening it. */
import { ActionIcon, Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowForwardUp, IconDots, IconGitBranch } from '@tabler/icons-react';
import { useState } from 'react';
import type { RunSummary } from '../../../workers/api.ts';
import { goTo } from '../../app/navigate.ts';
import { reportError } from '../../app/report.tsx';
import { type Translate, useT } from '../../i18n/index.ts';
import { downloadModel, downloadRun } from '../../state/models.ts';
import { setRecipe } from '../../state/recipe.ts';
import { removeRunLater } from '../../state/runs.ts';
import { BranchDialog } from './BranchDialog.tsx';
import { Continue } from './Continue.tsx';
import { RepeatDialog } from './RepeatDialog.tsx';

const undoTime = 8000;
/** Checkpoints that the menu lists; the dialog of a branch has all. */
const mostListed = 8;

interface Props {
  run: RunSummary;
  open: (step?: number) => void;
  details: () => void;
}

export function RunMenu({ run, open, details }: Props) {
  const t = useT();
  const [branchAt, setBranchAt] = useState<number>();
  const [onwardAt, setOnwardAt] = useState<number>();
  const [repeating, setRepeating] = useState(false);
  const steps = run.checkpoints.map(({ step }) => step).toReversed();
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon aria-label={t('runs.actions', { name: run.name })} size={28}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('runs.checkpoint')}</Menu.Label>
          {steps.slice(0, mostListed).map((step) => (
            <Menu.Item key={step} onClick={() => open(step)}>
              {t('runs.resume', { step })}
            </Menu.Item>
          ))}
          {steps.length > 0 && (
            <Menu.Item leftSection={<IconGitBranch size={15} />} onClick={() => setBranchAt(steps[0])}>
              {t('runs.branch')}
            </Menu.Item>
          )}
          {steps.length > 0 && (
            <Menu.Item leftSection={<IconArrowForwardUp size={15} />} onClick={() => setOnwardAt(steps[0])}>
              {t('onward.menu')}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item onClick={details}>{t('runs.details')}</Menu.Item>
          <Menu.Item
            onClick={() => {
              setRecipe(run.recipe);
              goTo('model');
            }}
          >
            {t('runs.recipe')}
          </Menu.Item>
          {!run.parent && run.state !== 'imported' && (
            <Menu.Item onClick={() => setRepeating(true)}>{t('runs.repeat')}</Menu.Item>
          )}
          <Menu.Item onClick={() => void downloadModel(run.id)}>{t('runs.export')}</Menu.Item>
          <Menu.Item onClick={() => void downloadRun(run.id)}>{t('runs.folder')}</Menu.Item>
          <Menu.Item color="red" onClick={() => removeWithUndo(run, t)}>
            {t('runs.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {branchAt !== undefined && (
        <BranchDialog run={run} at={branchAt} close={() => setBranchAt(undefined)} />
      )}
      {onwardAt !== undefined && <Continue run={run} at={onwardAt} close={() => setOnwardAt(undefined)} />}
      {repeating && <RepeatDialog run={run} close={() => setRepeating(false)} />}
    </>
  );
}

function removeWithUndo(run: RunSummary, t: Translate): void {
  const undo = removeRunLater(run.id, undoTime, reportError);
  const id = `delete ${run.id}`;
  notifications.show({
    id,
    autoClose: undoTime,
    message: (
      <span className="row">
        <span className="grow">{t('runs.deleted', { name: run.name })}</span>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            undo();
            notifications.hide(id);
          }}
        >
          {t('common.undo')}
        </Button>
      </span>
    ),
  });
}
