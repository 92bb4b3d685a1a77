/** What can be done with a panel, all of it reachable by keys. */
import { Menu } from '@mantine/core';
import type { ComponentProps } from 'react';
import { FileMenu } from '../charts/FileMenu.tsx';
import { useT } from '../i18n/index.ts';
import { movePanel, type PanelItem, removePanel, resizePanel } from '../state/layout.ts';

interface Props extends Omit<ComponentProps<typeof FileMenu>, 'children' | 'size'> {
  item: PanelItem;
  index: number;
}

export function PanelMenu({ item, index, ...files }: Props) {
  const t = useT();
  const size = (columns: number, rows: number) =>
    resizePanel(item.id, item.columns + columns, item.rows + rows);
  return (
    <FileMenu {...files}>
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
    </FileMenu>
  );
}
