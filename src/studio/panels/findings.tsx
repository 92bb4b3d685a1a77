/** Findings as a panel: for those who want to see at a glance that all is well, too. */
import { shownFindings, findings as store } from '../state/findings.ts';
import { session } from '../state/session.ts';
import { definePanel } from './panel.ts';
import css from './panels.module.css';
import { RunFindings } from './RunFindings.tsx';

const list = () => shownFindings(store.getState(), session.getState().run);

export const findings = definePanel({
  id: 'findings',
  title: { en: 'Findings', zh: '诊断' },
  explain: {
    en: 'What looks wrong with this run, why it matters, and what could be changed.',
    zh: '此次训练的异常、其影响，以及可以作出的更改。',
  },
  empty: {
    en: 'Nothing found. The run is looked at every 50 steps and after each validation.',
    zh: '没有发现问题。每 50 步及每次验证后检查一次。',
  },
  columns: 6,
  rows: 8,
  fields: [],
  Body: () => (
    <div className={css.findings}>
      <RunFindings />
    </div>
  ),
  version: () => store.getState(),
  hasData: () => list().length > 0,
  table: (_, t) => ({
    columns: ['step', 'finding', 'severity', 'seen'],
    rows: list().map(({ since, title, severity, seen, resolved }) => [
      since,
      t.pick(title),
      t(resolved ? 'findings.resolved' : `findings.${severity}`),
      t.pick(seen),
    ]),
  }),
});
