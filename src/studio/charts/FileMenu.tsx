/** What can be done with anything that is drawn: its numbers as a table, itself as PNG or SVG, its numbers as CSV; and what else is given. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { reportError } from '../app/report.tsx';
import { useT } from '../i18n/index.ts';
import { useTokens } from '../theme/useTokens.ts';
import { saveCsv, type Table } from './download.ts';

interface Props {
  /** Of files, without ending. */
  name: string;
  title: string;
  /** What becomes a picture, while it is shown. */
  root: () => HTMLElement | null;
  table: () => Table;
  /** Whether the table is shown in its place. */
  asTable: boolean;
  onTable: (asTable: boolean) => void;
  size?: number;
  /** Further items. */
  children?: ReactNode;
}

export function FileMenu({ name, title, root, table, asTable, onTable, size = 28, children }: Props) {
  const t = useT();
  const { ink, surface } = useTokens();
  const picture = async (kind: 'savePng' | 'saveSvg') => {
    const part = root();
    if (part) await (await import('./picture.ts'))[kind](name, { title, ink, paper: surface }, part);
  };
  return (
    <Menu position="bottom-end" width={200} zIndex={500}>
      <Menu.Target>
        <ActionIcon size={size} aria-label={t('train.panel.more', { title })}>
          <IconDots size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onTable(!asTable)}>
          {t(asTable ? 'train.panel.chart' : 'train.panel.table')}
        </Menu.Item>
        <Menu.Item disabled={asTable} onClick={() => picture('savePng').catch(reportError)}>
          {t('train.panel.png')}
        </Menu.Item>
        <Menu.Item disabled={asTable} onClick={() => picture('saveSvg').catch(reportError)}>
          {t('train.panel.svg')}
        </Menu.Item>
        <Menu.Item onClick={() => saveCsv(name, table())}>{t('train.panel.csv')}</Menu.Item>
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}
