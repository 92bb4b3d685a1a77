/** A panel outside the grid of the Train screen: a card with its table and files, whose settings last as long as it is shown. */
import { useRef, useState } from 'react';
import { defaults, type FieldValues } from '../../core/fields.ts';
import { ErrorBoundary } from '../app/ErrorBoundary.tsx';
import { FileMenu } from '../charts/FileMenu.tsx';
import { TableView } from '../charts/TableView.tsx';
import { useT } from '../i18n/index.ts';
import { About } from './About.tsx';
import { Age } from './Age.tsx';
import type { Panel } from './panel.ts';
import css from './panels.module.css';
import { useVersion } from './useVersion.ts';

export function PanelCard({ panel }: { panel: Panel }) {
  const t = useT();
  const body = useRef<HTMLDivElement>(null);
  const [settings, set] = useState<FieldValues>({});
  const [table, setTable] = useState(false);
  useVersion(panel.version, 2);
  const title = t.pick(panel.title);
  const { last, Body } = panel;
  const shown = { settings, set };
  const tableOf = () => panel.table({ ...defaults(panel.fields), ...settings }, t);
  return (
    <section className={`card ${css.panelCard}`} aria-label={title} data-panel-card={panel.id}>
      <header className="row">
        <div className="grow">
          <h2>{title}</h2>
          <p className="muted small">{t.pick(panel.explain)}</p>
        </div>
        {last && <Age last={() => last(settings)} />}
        <About panel={panel} />
        <FileMenu
          name={panel.id}
          title={title}
          root={() => body.current}
          table={tableOf}
          asTable={table}
          onTable={setTable}
        />
      </header>
      <div ref={body}>
        <ErrorBoundary says="error.panel">
          {panel.watch?.(shown)}
          {!panel.hasData(settings) ? (
            <p className={css.empty}>{t.pick(panel.empty)}</p>
          ) : table ? (
            <TableView table={tableOf()} />
          ) : (
            (panel.draw?.(shown) ?? (Body && <Body {...shown} />))
          )}
        </ErrorBoundary>
      </div>
    </section>
  );
}
