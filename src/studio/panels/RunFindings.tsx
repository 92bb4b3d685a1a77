/** The findings of the open run that are not dismissed, each with its click and the way to the panel where it can be seen. */
import { Button } from '@mantine/core';
import { flushSync } from 'react-dom';
import { useStore } from 'zustand';
import type { Finding } from '../../workers/api.ts';
import { applyRemedy, isLive } from '../app/remedies.ts';
import { FindingItem } from '../components/FindingItem.tsx';
import { useT } from '../i18n/index.ts';
import { dismissFinding, findings, isApplied, markApplied, shownFindings } from '../state/findings.ts';
import { addPanel, defaultLayout, layout } from '../state/layout.ts';
import { session } from '../state/session.ts';

/** Brings a panel into view; one that lies nowhere is laid down first. */
function look(id: string): void {
  const find = () => layout.getState().items.find(({ panel }) => panel === id);
  const { columns, rows } = defaultLayout.find(({ panel }) => panel === id) ?? { columns: 6, rows: 7 };
  if (!find()) flushSync(() => addPanel(id, columns, rows));
  const place = document.querySelector<HTMLElement>(`[data-panel][data-id="${find()?.id}"]`);
  place?.scrollIntoView({ block: 'center', behavior: 'smooth' });
}

export function RunFindings({ of }: { of?: (finding: Finding) => boolean }) {
  const t = useT();
  const { state, run } = useStore(session);
  const store = useStore(findings);
  if (!run) return null;
  return shownFindings(store, run)
    .filter((finding) => !of || of(finding))
    .map((finding) => {
      const { key, title, remedy, panel, resolved } = finding;
      const done = isApplied(store, run, key);
      const apply = async () => {
        if (remedy && (await applyRemedy(title, remedy))) markApplied(run, key);
      };
      const aside = done
        ? t('findings.done')
        : remedy && !isLive(remedy, state)
          ? t('findings.newRun')
          : undefined;
      return (
        <FindingItem
          key={key}
          finding={finding}
          aside={aside}
          apply={remedy && !done ? () => void apply() : undefined}
          dismiss={resolved ? undefined : () => dismissFinding(run, key)}
        >
          {panel && (
            <Button size="compact-sm" variant="subtle" onClick={() => look(panel)}>
              {t('findings.look')}
            </Button>
          )}
        </FindingItem>
      );
    });
}
