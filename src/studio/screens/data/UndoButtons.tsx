/** Undo and redo of what is done to the chosen set: rules, decisions by hand and edited captions, in the order in which they were done. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useT } from '../../i18n/index.ts';
import { cleaningStore, redoCleaning, undoCleaning } from '../../state/cleaning.ts';

export function UndoButtons() {
  const t = useT();
  const history = useStore(cleaningStore, (state) => state.history);
  return (
    <>
      <Tooltip label={`${t('clean.undo')} · Ctrl Z`}>
        <ActionIcon
          aria-label={t('clean.undo')}
          disabled={!history || history.past.length === 0}
          onClick={undoCleaning}
        >
          <IconArrowBackUp size={17} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={`${t('clean.redo')} · Ctrl Shift Z`}>
        <ActionIcon
          aria-label={t('clean.redo')}
          disabled={!history || history.future.length === 0}
          onClick={redoCleaning}
        >
          <IconArrowForwardUp size={17} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
