/** What is left out of the chosen data set, and by which rules: a total, presets, a look at all rules, and the list of them. */
import { Button, Menu, Tooltip } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DatasetSummary } from '../../../../workers/api.ts';
import { ProgressLine } from '../../../components/ProgressLine.tsx';
import { useT } from '../../../i18n/index.ts';
import {
  applyPreset,
  cancelCleaning,
  cleaningStore,
  lookForProblems,
  openCleaning,
} from '../../../state/cleaning.ts';
import { UndoButtons } from '../UndoButtons.tsx';
import css from './Cleaning.module.css';
import { Examples } from './Examples.tsx';
import { RuleRow } from './RuleRow.tsx';
import { Suspicious } from './Suspicious.tsx';

export function Cleaning({ dataset }: { dataset: DatasetSummary }) {
  const t = useT();
  const { rules, history, report, survey, job } = useStore(cleaningStore);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    void openCleaning(dataset.id);
  }, [dataset.id]);
  const late = useLate(job?.id);
  const dropped = dataset.dropped ?? 0;
  const all = dataset.images;
  const show = (run: () => void) => () => {
    setOpen(true);
    run();
  };
  return (
    <section className={`card ${css.card}`} aria-label={t('clean.title')}>
      <div className="row wrap">
        <div className="grow" style={{ minWidth: 200 }}>
          <h2>{t('clean.title')}</h2>
          <p className="small muted number">
            {dropped === 0 ? t('clean.all', { count: all }) : t('clean.total', { kept: all - dropped, all })}
          </p>
        </div>
        <UndoButtons />
        <Tooltip label={t('clean.lookHelp')}>
          <Button
            size="compact-sm"
            variant="default"
            disabled={!history || job?.kind === 'survey'}
            onClick={show(() => void lookForProblems())}
          >
            {t('clean.look')}
          </Button>
        </Tooltip>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="default"
              disabled={!history}
              rightSection={<IconChevronDown size={14} />}
            >
              {t('clean.preset')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(['none', 'usual'] as const).map((preset) => (
              <Menu.Item key={preset} onClick={show(() => applyPreset(preset))}>
                {t(`clean.preset.${preset}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Button size="compact-sm" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'common.less' : 'clean.show')}
        </Button>
      </div>
      {late && <ProgressLine progress={job?.progress} cancel={() => cancelCleaning(true)} />}
      {open && history && (
        <>
          <p className="small muted">{t('clean.lead')}</p>
          <ol className={css.rules}>
            {history.present.rules.map((rule, place) => {
              const entry = rules.find(({ type }) => type === rule.type);
              return (
                entry && (
                  <RuleRow
                    key={rule.type}
                    dataset={dataset}
                    entry={entry}
                    rule={rule}
                    first={place === 0}
                    last={place === history.present.rules.length - 1}
                    did={report?.rules.find(({ type, off }) => type === rule.type && !off)}
                    would={survey?.get(rule.type)}
                  />
                )
              );
            })}
          </ol>
          <Suspicious key={dataset.id} dataset={dataset} />
          {report && report.out.length > 0 && (
            <div className="stack" style={{ gap: 6 }}>
              <h3>{t('clean.byHand')}</h3>
              <Examples dataset={dataset} examples={report.out} decide />
            </div>
          )}
        </>
      )}
    </section>
  );
}

/** Whether the work of this name has been going on for half a second. */
function useLate(job: string | undefined): boolean {
  const [late, setLate] = useState<string>();
  useEffect(() => {
    if (job === undefined) return;
    const timer = setTimeout(() => setLate(job), 500);
    return () => clearTimeout(timer);
  }, [job]);
  return job !== undefined && late === job;
}
