/** What can be done with a panel, all of it reachable by keys. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useT } from '../i18n/index.ts';
import { movePanel, type PanelItem, removePanel, resizePanel } from '../state/layout.ts';

interface Props {
  item: PanelItem;
  index: number;
  title: string;
  table: boolean;
  onTable: (table: boolean) => void;
  png: () => void;
  svg: () => void;
  csv: () => void;
}

export function PanelMenu({ item, index, title, table, onTable, png, svg, csv }: Props) {
  const t = useT();
  const size = (columns: number, rows: number) =>
    resizePanel(item.id, item.columns + columns, item.rows + rows);
  return (
    <Menu position="bottom-end" width={200} zIndex={500}>
      <Menu.Target>
        <ActionIcon size={28} aria-label={t('train.panel.more', { title })}>
          <IconDots size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onTable(!table)}>
          {t(table ? 'train.panel.chart' : 'train.panel.table')}
        </Menu.Item>
        <Menu.Item onClick={png} disabled={table}>
          {t('train.panel.png')}
        </Menu.Item>
        <Menu.Item onClick={svg} disabled={table}>
          {t('panel.svg')}
        </Menu.Item>
        <Menu.Item onClick={csv}>{t('train.panel.csv')}</Menu.Item>
        <Menu.Divider />
        <Menu.Item closeMenuOnClick={false} onClick={() => movePanel(item.id, index - 1)}>
          {t('train.panel.earlier')}
        </Menu.Item>
        <Menu.Item closeMenuOnClick={false} onClick={() => movePanel(item.id, index + 1)}>
          {t('train.panel.later')}
        </Menu.Item>
        <Menu.Item closeMenuOnClick={false} onClick={() => size(1, 0)}>
          {t('train.panel.wider')}
        </Menu.Item>
        <Menu.Item closeMenuOnClick={false} onClick={() => size(-1, 0)}>
          {t('train.panel.narrower')}
        </Menu.Item>
        <Menu.Item closeMenuOnClick={false} onClick={() => size(0, 1)}>
          {t('train.panel.taller')}
        </Menu.Item>
        <Menu.Item closeMenuOnClick={false} onClick={() => size(0, -1)}>
          {t('train.panel.shorter')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => removePanel(item.id)}>{t('train.panel.remove')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
