/** Repetitions with several seeds as one row: means with their deviations; it opens to its runs. */
import { ActionIcon, Checkbox, Table } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { groupName } from '../../../core/seedGroups.ts';
import { reportError } from '../../app/report.tsx';
import { useT } from '../../i18n/index.ts';
import { metricName, metricText } from '../../panels/metricName.ts';
import { runs, setCompared } from '../../state/runs.ts';
import { toggleGroup } from '../../state/runsView.ts';
import { type GroupLine, groupStatistics, scoreOf } from './arrange.ts';
import css from './Runs.module.css';

export function GroupRow({ line }: { line: GroupLine }) {
  const t = useT();
  const { compared } = useStore(runs);
  const { runs: members, key, open } = line;
  const [first] = members;
  const ids = members.map(({ id }) => id);
  const chosen = ids.filter((id) => compared.includes(id)).length;
  const metric = members.map(scoreOf).find((one) => one !== undefined)?.metric;
  const score = metric === undefined ? undefined : groupStatistics(members, ({ last }) => last[metric]);
  const shown = (name: string) => {
    const found = groupStatistics(members, ({ last }) => last[name]);
    return found ? `${t.number(found.mean)} ± ${t.number(found.deviation)}` : '–';
  };
  const name = groupName(members);
  const states = [...new Set(members.map(({ state }) => state))];
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          aria-label={`${t('runs.compare')}: ${name}, ${t('runs.group', { count: members.length })}`}
          title={t('runs.compare.help')}
          checked={chosen === ids.length}
          indeterminate={chosen > 0 && chosen < ids.length}
          onChange={() =>
            setCompared(
              chosen === ids.length
                ? compared.filter((id) => !ids.includes(id))
                : [...new Set([...compared, ...ids])],
            ).catch(reportError)
          }
        />
      </Table.Td>
      <Table.Td>
        <div className={css.name}>
          <ActionIcon
            size={22}
            aria-expanded={open}
            aria-label={t(open ? 'runs.group.close' : 'runs.group.open', { name })}
            onClick={() => toggleGroup(key)}
          >
            {open ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
          </ActionIcon>
          <div className="ellipsis">
            <strong>{name}</strong>
            <span className={css.tag}>{t('runs.group', { count: members.length })}</span>
          </div>
        </div>
      </Table.Td>
      <Table.Td>{states.map((state) => t(`state.${state}`)).join(', ')}</Table.Td>
      <Table.Td ta="right">
        {t.count(Math.max(...members.map(({ step }) => step)))} / {t.count(first.recipe.training.steps)}
      </Table.Td>
      <Table.Td ta="right">{shown('loss')}</Table.Td>
      <Table.Td ta="right">{shown('val.loss')}</Table.Td>
      <Table.Td ta="right">
        {metric && score && (
          <>
            {metricText(t, metric, score.mean)} ± {metricText(t, metric, score.deviation)}
            <div className="small muted">
              {t('runs.group.line', { name: metricName(t, metric), count: score.count })}
            </div>
          </>
        )}
      </Table.Td>
      <Table.Td style={{ maxWidth: 160 }}>
        <div className="ellipsis">{first.datasetName}</div>
      </Table.Td>
      <Table.Td className="muted">{t.date(Math.max(...members.map(({ createdAt }) => createdAt)))}</Table.Td>
      <Table.Td />
    </Table.Tr>
  );
}
