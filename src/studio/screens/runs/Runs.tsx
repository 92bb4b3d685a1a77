/** All runs of this browser: found, sorted, grouped by seeds or as a tree of descent; reopened, branched, compared, annotated, exported, deleted with a way back. */
import { Button, Table } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { goTo } from '../../app/navigate.ts';
import { reportError } from '../../app/report.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ariaSort, SortHead } from '../../components/SortHead.tsx';
import { useT } from '../../i18n/index.ts';
import { refreshRuns, runs, visibleRuns } from '../../state/runs.ts';
import { runColumns, runsView, sortBy } from '../../state/runsView.ts';
import { session } from '../../state/session.ts';
import { arrange } from './arrange.ts';
import { GroupRow } from './GroupRow.tsx';
import { RunRow } from './RunRow.tsx';
import css from './Runs.module.css';
import { Toolbar } from './Toolbar.tsx';

const numbers = ['step', 'loss', 'val', 'score'];

export function Runs() {
  const t = useT();
  const state = useStore(runs);
  const list = visibleRuns(state);
  const view = useStore(runsView);
  const openId = useStore(session, (status) => status.run);
  useEffect(() => {
    refreshRuns().catch(reportError);
  }, []);
  const lines = useMemo(() => arrange(list, view), [list, view]);
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
      <Toolbar list={list} />
      <Table.ScrollContainer minWidth={980}>
        <Table verticalSpacing={8} fz="sm" className={`number ${css.table}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('runs.compare')}</Table.Th>
              {runColumns.map((column) => {
                const down = view.sort.column === column ? view.sort.down : undefined;
                return (
                  <Table.Th
                    key={column}
                    ta={numbers.includes(column) ? 'right' : undefined}
                    aria-sort={ariaSort(down)}
                  >
                    <SortHead title={t(`runs.${column}`)} down={down} onPress={() => sortBy(column)} />
                  </Table.Th>
                );
              })}
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map((line) =>
              line.kind === 'group' ? (
                <GroupRow key={line.key} line={line} />
              ) : (
                <RunRow key={line.run.id} line={line} openId={openId} />
              ),
            )}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {state.loaded && lines.length === 0 && (
        <div className="row wrap" role="status">
          <span className="muted">{t('runs.noMatch')}</span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => runsView.setState({ query: '', tags: [] })}
          >
            {t('runs.showAll')}
          </Button>
        </div>
      )}
    </div>
  );
}
