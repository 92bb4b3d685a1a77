/**
 * What every panel is given: title and explanation, settings, table, files, full screen, moving and sizing by pointer
 * and by keys, an error boundary, an empty state, and the age of its data.
 */
import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { IconArrowsMaximize, IconArrowsMinimize, IconSettings2 } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { defaults } from '../../core/fields.ts';
import { ErrorBoundary } from '../app/ErrorBoundary.tsx';
import { withMarks } from '../charts/markTable.ts';
import { TableView } from '../charts/TableView.tsx';
import { useT } from '../i18n/index.ts';
import { type PanelItem, setPanelSettings } from '../state/layout.ts';
import { liveMarks } from '../state/marks.ts';
import { liveLog } from '../state/session.ts';
import { About } from './About.tsx';
import { Age } from './Age.tsx';
import { Corner, Grip } from './handles.tsx';
import { PanelMenu } from './PanelMenu.tsx';
import type { Panel } from './panel.ts';
import css from './panels.module.css';
import { SettingsForm } from './SettingsForm.tsx';
import { useVersion } from './useVersion.ts';

interface Props {
  item: PanelItem;
  panel: Panel;
  /** Place in the layout. */
  index: number;
  full: boolean;
  onFull: (full: boolean) => void;
  /** A panel is being dragged over this one. */
  target: boolean;
  onDragOver: (index: number | undefined) => void;
}

export function PanelFrame({ item, panel, index, full, onFull, target, onDragOver }: Props) {
  const t = useT();
  const section = useRef<HTMLElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [table, setTable] = useState(false);
  // Curves read their metrics themselves and are drawn anew outside React; the frame need only know which there are.
  const curves = !table && panel.last === undefined;
  useVersion(
    curves ? () => `${panel.hasData(item.settings)} ${liveLog.names().length}` : panel.version,
    table ? 1 : 2,
  );
  const title = t.pick(panel.title);
  const settings = { ...defaults(panel.fields), ...item.settings };
  const { last, Body } = panel;
  const empty = !panel.hasData(item.settings);
  const tableOf = () => withMarks(panel.table(settings, t), liveMarks(), t('charts.marks'), t.locale);
  const set = (next: PanelItem['settings']) => setPanelSettings(item.id, next);
  const shown = { settings: item.settings, set };
  return (
    <section
      ref={section}
      className={`card ${css.panel}`}
      style={{ '--columns': item.columns, '--rows': item.rows } as React.CSSProperties}
      data-panel={index}
      data-id={item.id}
      data-wide={item.columns > 6}
      data-full={full}
      data-target={target}
      aria-label={title}
    >
      <header className={css.head}>
        <Grip item={item} index={index} title={title} onDragOver={onDragOver} disabled={full} />
        <div className="grow">
          <h2 className={css.title}>{title}</h2>
          <p className={css.explain}>{t.pick(panel.explain)}</p>
        </div>
        <span className={css.corners}>
          <span className={css.tools}>
            <About panel={panel} />
            {panel.fields.length > 0 && (
              <Popover width={300} position="bottom-end" trapFocus withinPortal returnFocus zIndex={500}>
                <Popover.Target>
                  <ActionIcon size={28} aria-label={t('train.panel.settings', { title })}>
                    <IconSettings2 size={16} stroke={1.6} />
                  </ActionIcon>
                </Popover.Target>
                <Popover.Dropdown>
                  <SettingsForm
                    fields={panel.fields}
                    values={settings}
                    onChange={(key, value) => set({ ...item.settings, [key]: value })}
                  />
                </Popover.Dropdown>
              </Popover>
            )}
            <Tooltip label={`${t(full ? 'train.panel.small' : 'train.panel.full')} · F`}>
              <ActionIcon
                size={28}
                aria-label={t(full ? 'train.panel.smallOf' : 'train.panel.fullOf', { title })}
                onClick={() => onFull(!full)}
              >
                {full ? (
                  <IconArrowsMinimize size={16} stroke={1.6} />
                ) : (
                  <IconArrowsMaximize size={16} stroke={1.6} />
                )}
              </ActionIcon>
            </Tooltip>
            <PanelMenu
              item={item}
              index={index}
              name={panel.id}
              title={title}
              root={() => body.current}
              table={tableOf}
              asTable={table}
              onTable={setTable}
            />
          </span>
          {last && <Age last={() => last(item.settings)} />}
        </span>
      </header>
      <div ref={body} className={css.body}>
        <ErrorBoundary says="error.panel">
          {panel.watch?.(shown)}
          {empty ? (
            <p className={css.empty}>{t.pick(panel.empty)}</p>
          ) : table ? (
            <TableView table={tableOf()} newestFirst={panel.last === undefined} />
          ) : (
            (panel.draw?.(shown) ?? (Body && <Body {...shown} />))
          )}
        </ErrorBoundary>
      </div>
      {!full && <Corner item={item} title={title} section={section} />}
    </section>
  );
}
