/** All runs of this browser: reopen at any checkpoint, compare, annotate, export, delete with a way back. */
import { ActionIcon, Button, Checkbox, Menu, Table, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDots, IconHistory } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { mainMetric } from '../../../core/score.ts';
import type { RunSummary } from '../../../workers/api.ts';
import { goTo } from '../../app/navigate.ts';
import { reportError } from '../../app/report.tsx';
import { openRun } from '../../app/training.ts';
import { Empty } from '../../components/Empty.tsx';
import { useT } from '../../i18n/index.ts';
import { metricName, metricText } from '../../panels/metricName.ts';
import { downloadModel } from '../../state/models.ts';
import { setRecipe } from '../../state/recipe.ts';
import { refreshRuns, removeRunLater, runs, setCompared, updateRun, visibleRuns } from '../../state/runs.ts';
import { liveLog, session } from '../../state/session.ts';
import css from './Runs.module.css';

const undoTime = 8000;

export function Runs() {
  const t = useT();
  const state = useStore(runs);
  const list = visibleRuns(state);
  const openId = useStore(session, (status) => status.run);
  useEffect(() => {
    refreshRuns().catch(reportError);
  }, []);
  if (state.loaded && list.length === 0)
    return (
      <div className="screen">
        <Empty
          icon={<IconHistory size={36} stroke={1.3} />}
          title={t('runs.none.title')}
          body={t('runs.none.body')}
          action={{ label: t('runs.none.button'), run: () => goTo('start'), primary: true }}
        />
      </div>
    );
  return (
    <div className="screen">
      <header>
        <h1>{t('runs.title')}</h1>
        <p className="muted">{t('runs.lead')}</p>
      </header>
      <Table.ScrollContainer minWidth={980}>
        <Table verticalSpacing={8} fz="sm" className="number">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('runs.compare')}</Table.Th>
              <Table.Th>{t('runs.name')}</Table.Th>
              <Table.Th>{t('runs.state')}</Table.Th>
              <Table.Th ta="right">{t('runs.step')}</Table.Th>
              <Table.Th ta="right">{t('runs.loss')}</Table.Th>
              <Table.Th ta="right">{t('runs.val')}</Table.Th>
              <Table.Th ta="right">{t('runs.score')}</Table.Th>
              <Table.Th>{t('runs.data')}</Table.Th>
              <Table.Th>{t('runs.created')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.map((run) => (
              <Row key={run.id} run={run} isOpen={run.id === openId} compared={state.compared} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

/** The open run as it is now; what is stored is as old as its last checkpoint. */
function useLive(run: RunSummary, isOpen: boolean): RunSummary {
  const status = useStore(session);
  if (!isOpen || status.state === 'compiling') return run;
  const now = Object.fromEntries(
    liveLog.names().flatMap((name) => {
      const value = name === 'loss' || name.startsWith('val.') ? liveLog.last(name) : undefined;
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { ...run, state: status.state, step: status.step, last: { ...run.last, ...now } };
}

function Row({ run: stored, isOpen, compared }: { run: RunSummary; isOpen: boolean; compared: string[] }) {
  const t = useT();
  const run = useLive(stored, isOpen);
  const [editing, setEditing] = useState(false);
  const last = (name: string) => run.last[name];
  const metric = mainMetric(Object.keys(run.last));
  const open = (step?: number) => {
    // At once: a person who has moved on meanwhile must not be taken back.
    goTo('train');
    void openRun(run.id, step);
  };
  const remove = () => {
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
  };
  return (
    <>
      <Table.Tr data-open={isOpen}>
        <Table.Td>
          <Checkbox
            aria-label={`${t('runs.compare')}: ${run.name}`}
            title={t('runs.compare.help')}
            checked={compared.includes(run.id)}
            onChange={(event) =>
              setCompared(
                event.currentTarget.checked ? [...compared, run.id] : compared.filter((id) => id !== run.id),
              ).catch(reportError)
            }
          />
        </Table.Td>
        <Table.Td style={{ maxWidth: 260 }}>
          <div className="ellipsis">
            <strong>{run.name}</strong> {isOpen && <span className={css.tag}>{t('runs.isOpen')}</span>}
          </div>
          {run.note && <div className="small muted ellipsis">{run.note}</div>}
        </Table.Td>
        <Table.Td>{t(`state.${run.state}`)}</Table.Td>
        <Table.Td ta="right">
          {t.count(run.step)} / {t.count(run.recipe.training.steps)}
        </Table.Td>
        <Table.Td ta="right">{t.number(last('loss'))}</Table.Td>
        <Table.Td ta="right">{t.number(last('val.loss'))}</Table.Td>
        <Table.Td ta="right">
          {metric && (
            <>
              {metricText(t, metric, last(metric))}
              <div className="small muted">{metricName(t, metric)}</div>
            </>
          )}
        </Table.Td>
        <Table.Td style={{ maxWidth: 160 }}>
          <div className="ellipsis">{run.datasetName}</div>
        </Table.Td>
        <Table.Td className="muted">{t.date(run.createdAt)}</Table.Td>
        <Table.Td>
          <span className="row" style={{ justifyContent: 'flex-end' }}>
            <Button size="compact-sm" variant="default" onClick={() => open()}>
              {t('runs.open')}
            </Button>
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <ActionIcon aria-label={t('runs.actions', { name: run.name })} size={28}>
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>{t('runs.checkpoint')}</Menu.Label>
                {run.checkpoints
                  .toReversed()
                  .slice(0, 8)
                  .map(({ step }) => (
                    <Menu.Item key={step} onClick={() => open(step)}>
                      {t('runs.resume', { step })}
                    </Menu.Item>
                  ))}
                <Menu.Divider />
                <Menu.Item onClick={() => setEditing(!editing)}>{t('common.rename')}</Menu.Item>
                <Menu.Item
                  onClick={() => {
                    setRecipe(run.recipe);
                    goTo('model');
                  }}
                >
                  {t('runs.recipe')}
                </Menu.Item>
                <Menu.Item onClick={() => void downloadModel(run.id)}>{t('runs.export')}</Menu.Item>
                <Menu.Item color="red" onClick={remove}>
                  {t('runs.delete')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </span>
        </Table.Td>
      </Table.Tr>
      {editing && (
        <Table.Tr>
          <Table.Td colSpan={10}>
            <Edit run={run} close={() => setEditing(false)} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function Edit({ run, close }: { run: RunSummary; close: () => void }) {
  const t = useT();
  const [name, setName] = useState(run.name);
  const [note, setNote] = useState(run.note);
  return (
    <form
      className="row wrap"
      style={{ alignItems: 'flex-end' }}
      onSubmit={(event) => {
        event.preventDefault();
        close();
        updateRun(run.id, { name: name.trim() || run.name, note: note.trim() }).catch(reportError);
      }}
    >
      <TextInput
        label={t('runs.name')}
        value={name}
        maxLength={120}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label={t('runs.note')}
        className="grow"
        autosize
        minRows={1}
        placeholder={t('runs.note.placeholder')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {t('common.save')}
      </Button>
    </form>
  );
}
