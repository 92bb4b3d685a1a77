/** What was found in the open run, above its panels; not there at all when all is well. */
import { useStore } from 'zustand';
import { useT } from '../../i18n/index.ts';
import { RunFindings } from '../../panels/RunFindings.tsx';
import { findings, shownFindings } from '../../state/findings.ts';
import { session } from '../../state/session.ts';
import css from './train.module.css';

export function Findings() {
  const t = useT();
  const run = useStore(session, (state) => state.run);
  const store = useStore(findings);
  const any = shownFindings(store, run).length > 0;
  return (
    <div role="status" className={any ? `card ${css.findings}` : undefined}>
      {any && <h2 className={css.findingsTitle}>{t('findings.title')}</h2>}
      {any && <RunFindings />}
    </div>
  );
}
