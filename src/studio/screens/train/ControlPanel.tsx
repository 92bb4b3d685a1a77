/**
 * What can be changed while a run goes on, beside its panels. Edits wait until they are applied, together: one change, one mark on the charts, one step of
 * undo. What will change is said before; a change that needs another graph says that it is compiled beside the running one.
 */
import { ActionIcon, Button, Kbd, Loader, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Change } from '../../../core/controls.ts';
import { changeBetween, withChange } from '../../../core/stages.ts';
import { structureOf } from '../../../core/structure.ts';
import { changeWords } from '../../../core/words.ts';
import {
  canChange,
  canRedoChange,
  canUndoChange,
  makeChange,
  redoChange,
  undoChange,
} from '../../app/changing.tsx';
import { errorsOf } from '../../controls/controlled.ts';
import { Settings } from '../../controls/Settings.tsx';
import { useT } from '../../i18n/index.ts';
import { useVersion } from '../../panels/useVersion.ts';
import { changes } from '../../state/changes.ts';
import { toggleControls } from '../../state/controlsShown.ts';
import { datasets } from '../../state/datasets.ts';
import { useRecipeNow } from '../../state/openRun.ts';
import { recipeStore } from '../../state/recipe.ts';
import { liveLog, session } from '../../state/session.ts';
import { useSizes } from '../../state/useSizes.ts';
import css from './train.module.css';

const rateNow = () => liveLog.last('lr');

/** The rate of the last step: it changes with every one, the form around it does not. */
function RateNow() {
  const t = useT();
  const rate = useVersion(rateNow, 2);
  return typeof rate === 'number' ? <strong>{t('control.rate.now', { rate: t.number(rate) })}</strong> : null;
}

export function ControlPanel() {
  const t = useT();
  const now = useRecipeNow();
  const catalog = useStore(recipeStore, (state) => state.catalog);
  // Of the status, which comes four times a second, only what changes the form.
  const state = useStore(session, (status) => status.state);
  const id = useStore(session, (status) => status.dataset);
  const dataset = useStore(datasets, ({ list }) => list.find((one) => one.id === id));
  const { preparing, last, error, past, future } = useStore(changes);
  const sizes = useSizes();
  const [edit, setEdit] = useState<Change>({});
  const draft = useMemo(() => now && withChange(now, edit), [now, edit]);
  if (!now || !draft || !catalog)
    return <aside className={`card ${css.controls}`}>{t('common.loading')}</aside>;
  const change = changeBetween(now, draft);
  const words = changeWords(now, draft, catalog, t.locale, change);
  const compiles = structureOf(now) !== structureOf(draft);
  const open = state === 'running' || state === 'paused';
  const apply = async () => {
    if (words.length > 0 && canChange() && (await makeChange(change))) setEdit({});
  };
  const keys = (event: KeyboardEvent) => {
    if (!(event.key === 'Enter' && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    void apply();
  };
  return (
    <aside className={`card ${css.controls}`} aria-label={t('control.title')} onKeyDown={keys}>
      <header className="row">
        <h2>{t('control.title')}</h2>
        <Tooltip label={`${t('control.undo')} · Ctrl Z`}>
          <ActionIcon
            aria-label={t('control.undo')}
            disabled={past.length === 0 || !canUndoChange()}
            onClick={undoChange}
          >
            <IconArrowBackUp size={17} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={`${t('control.redo')} · Ctrl ⇧ Z`}>
          <ActionIcon
            aria-label={t('control.redo')}
            disabled={future.length === 0 || !canRedoChange()}
            onClick={redoChange}
          >
            <IconArrowForwardUp size={17} />
          </ActionIcon>
        </Tooltip>
        <ActionIcon aria-label={t('control.hide')} onClick={toggleControls}>
          <IconX size={17} />
        </ActionIcon>
      </header>
      <p className="small muted">{t(open ? 'control.lead' : 'control.ended')}</p>
      <Settings
        open
        recipe={draft}
        set={(next) => setEdit(changeBetween(now, next))}
        catalog={catalog}
        sizes={sizes}
        dataset={dataset}
        from={() => session.getState().step}
        errors={errorsOf(t, error)}
        rateNow={<RateNow />}
      />
      <footer className={css.foot}>
        {preparing ? (
          <div className="row" role="status">
            <Loader size={16} />
            <span>
              {preparing.words.join(t.locale === 'zh' ? '；' : '; ')}.{' '}
              <span className="muted">
                {t(preparing.compiles ? 'control.preparingCompiles' : 'control.preparing')}
              </span>
            </span>
          </div>
        ) : words.length > 0 ? (
          <div>
            <strong>{t('control.willChange')}</strong>
            <ul>
              {words.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
            {compiles && <p className="small muted">{t('control.compiles')}</p>}
          </div>
        ) : last ? (
          <div role="status">
            <strong>
              {t(last.undone ? 'control.undoneFrom' : 'control.changedFrom', { step: last.step })}
            </strong>
            <p style={{ overflowWrap: 'anywhere' }}>{last.words.join(t.locale === 'zh' ? '；' : '; ')}</p>
          </div>
        ) : (
          <span className="muted">{t('control.nothing')}</span>
        )}
        {error && <p role="alert">{Object.values(errorsOf(t, error))[0]}</p>}
        <div className="row">
          <Button
            disabled={words.length === 0 || !open || preparing !== undefined}
            rightSection={<Kbd size="xs">Ctrl ↵</Kbd>}
            onClick={() => void apply()}
          >
            {t('control.apply')}
          </Button>
          <Button
            variant="subtle"
            disabled={words.length === 0}
            onClick={() => {
              setEdit({});
              changes.setState({ error: undefined });
            }}
          >
            {t('control.discard')}
          </Button>
        </div>
      </footer>
    </aside>
  );
}
