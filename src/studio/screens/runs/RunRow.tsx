/** A run as a row: its numbers, where it came from and what it changed, and what can be done with it. */
import { ActionIcon, Button, Checkbox, Table } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { RunSummary } from '../../../workers/api.ts';
import { goTo } from '../../app/navigate.ts';
import { reportError } from '../../app/report.tsx';
import { openRun } from '../../app/training.ts';
import { useT } from '../../i18n/index.ts';
import { metricName, metricText } from '../../panels/metricName.ts';
import { runs, setCompared } from '../../state/runs.ts';
import { toggleBranches } from '../../state/runsView.ts';
import { liveLog, session } from '../../state/session.ts';
import { type RunLine, scoreOf } from './arrange.ts';
import { ChangesLine } from './Changes.tsx';
import { Details } from './Details.tsx';
import { RunMenu } from './RunMenu.tsx';
import css from './Runs.module.css';
import { TagChip } from './Toolbar.tsx';

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

export function RunRow({ line, openId }: { line: RunLine; openId?: string }) {
  const t = useT();
  const isOpen = line.run.id === openId;
  const run = useLive(line.run, isOpen);
  const { compared } = useStore(runs);
  const [editing, setEditing] = useState(false);
  const score = scoreOf(run);
  const open = (step?: number) => {
    // At once: a person who has moved on meanwhile must not be taken back.
    goTo('train');
    void openRun(run.id, step);
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
        <Table.Td>
          <Name line={line} isOpen={isOpen} openId={openId} />
        </Table.Td>
        <Table.Td>{t(`state.${run.state}`)}</Table.Td>
        <Table.Td ta="right">
          {t.count(run.step)} / {t.count(run.recipe.training.steps)}
        </Table.Td>
        <Table.Td ta="right">{t.number(run.last['loss'])}</Table.Td>
        <Table.Td ta="right">{t.number(run.last['val.loss'])}</Table.Td>
        <Table.Td ta="right">
          {score && (
            <>
              {metricText(t, score.metric, score.value)}
              <div className="small muted">{metricName(t, score.metric)}</div>
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
            <RunMenu run={run} open={open} details={() => setEditing(!editing)} />
          </span>
        </Table.Td>
      </Table.Tr>
      {editing && (
        <Table.Tr>
          <Table.Td colSpan={10} className={css.wide}>
            <Details run={run} close={() => setEditing(false)} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function Name({ line, isOpen, openId }: { line: RunLine; isOpen: boolean; openId?: string }) {
  const t = useT();
  const { run, depth, branches, folded } = line;
  const { list, compared } = useStore(runs);
  const parent = list.find(({ id }) => id === run.parent?.run);
  const open = compared.includes(run.id) && !isOpen ? list.find(({ id }) => id === openId) : undefined;
  const weights = run.parent?.kind === 'weights';
  const from =
    run.parent &&
    (depth > 0
      ? t(weights ? 'onward.fromHere' : 'runs.fromHere', { step: run.parent.step })
      : t(weights ? 'onward.from' : 'runs.from', { name: run.parent.name, step: run.parent.step }));
  const moved =
    weights && parent && parent.fingerprint !== run.fingerprint
      ? t('onward.dataChanged', { from: parent.datasetName, to: run.datasetName })
      : undefined;
  return (
    <div className={css.name} style={{ paddingInlineStart: depth * 20 }}>
      {branches > 0 && (
        <ActionIcon
          size={22}
          aria-expanded={!folded}
          aria-label={t(folded ? 'runs.unfold' : 'runs.fold', { name: run.name })}
          onClick={() => toggleBranches(run.id)}
        >
          {folded ? <IconChevronRight size={15} /> : <IconChevronDown size={15} />}
        </ActionIcon>
      )}
      <div>
        <div className="ellipsis">
          <strong>{run.name}</strong> {isOpen && <span className={css.tag}>{t('runs.isOpen')}</span>}
        </div>
        {from && <ChangesLine from={parent?.recipe} to={run.recipe} lead={from} first={moved} />}
        {open && open.id !== parent?.id && (
          <ChangesLine from={open.recipe} to={run.recipe} lead={t('runs.changed.short')} />
        )}
        {run.note && (
          <div className="small muted ellipsis" title={run.note}>
            {run.note}
          </div>
        )}
        {run.tags && run.tags.length > 0 && (
          <div className={css.tags}>
            {run.tags.map((tag) => (
              <TagChip key={tag} tag={tag} />
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
