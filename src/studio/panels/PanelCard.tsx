/** A panel outside the grid of the Train screen: a card with its table and files, whose settings last as long as it is shown. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { defaults, type FieldValues } from '../../core/fields.ts';
import { ErrorBoundary } from '../app/ErrorBoundary.tsx';
import { saveCsv, savePng } from '../charts/download.ts';
import { TableView } from '../charts/TableView.tsx';
import { useT } from '../i18n/index.ts';
import { useTokens } from '../theme/useTokens.ts';
import { Age } from './Age.tsx';
import type { Panel } from './panel.ts';
import css from './panels.module.css';
import { useVersion } from './useVersion.ts';

export function PanelCard({ panel }: { panel: Panel }) {
  const t = useT();
  const tokens = useTokens();
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
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={28} aria-label={t('train.panel.more', { title })}>
              <IconDots size={16} stroke={1.6} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setTable(!table)}>
              {t(table ? 'train.panel.chart' : 'train.panel.table')}
            </Menu.Item>
            <Menu.Item
              onClick={() => {
                if (body.current) void savePng(panel.id, title, body.current, tokens.ink, tokens.surface);
              }}
            >
              {t('train.panel.png')}
            </Menu.Item>
            <Menu.Item onClick={() => saveCsv(panel.id, tableOf())}>{t('train.panel.csv')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
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
