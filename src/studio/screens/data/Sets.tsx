/** The data sets of this browser: counts, splits, what was left out and why; rename and delete. */
import { ActionIcon, Button, Menu, Modal, ScrollArea, Table, TextInput } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { errorText } from '../../../core/errorTexts.ts';
import type { DatasetSummary } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { Modalities } from '../../components/Modalities.tsx';
import { useT } from '../../i18n/index.ts';
import {
  datasets,
  modalitiesOf,
  refreshDatasets,
  renameDataset,
  selectDataset,
} from '../../state/datasets.ts';
import css from './Data.module.css';
import { Storage } from './Storage.tsx';
import { targetText } from './targetText.ts';
import { WriteOut } from './WriteOut.tsx';

export function Sets() {
  const t = useT();
  const { list, selected } = useStore(datasets);
  return (
    <aside className={css.sets} aria-label={t('data.sets')}>
      {list.map((set) => (
        <SetCard key={set.id} set={set} chosen={set.id === selected} />
      ))}
      <Storage />
    </aside>
  );
}

function SetCard({ set, chosen }: { set: DatasetSummary; chosen: boolean }) {
  const t = useT();
  const [dialog, setDialog] = useState<'rename' | 'delete' | 'skipped' | 'write'>();
  const close = () => setDialog(undefined);
  const having = modalitiesOf(set);
  const plain = !set.target && having.every((modality) => modality === 'image' || modality === 'text');
  return (
    <div className={`card ${css.set}`} data-chosen={chosen}>
      <button
        type="button"
        className={css.choose}
        aria-pressed={chosen}
        onClick={() => selectDataset(set.id)}
      >
        <strong className="ellipsis">{set.name}</strong>
        <span className="small muted">
          {plain
            ? `${t.count(set.images)} ${t('data.images')} · ${t.count(set.pairs)} ${t('data.pairs')}`
            : `${t.count(set.images)} ${t('data.samples')}`}
        </span>
        <Modalities of={having} counts={set.having} total={set.images} />
        {set.target && (
          <span className="small muted" title={set.target.classes.join(', ')}>
            {targetText(t, { ...set.target, classes: set.target.classes.length })}
          </span>
        )}
        <span className="small muted">
          {(['train', 'validation', 'test'] as const)
            .filter((split) => set.splits[split] > 0)
            .map((split) => `${t(`split.${split}`)} ${t.count(set.splits[split])}`)
            .join(' · ')}
        </span>
        {set.dropped ? (
          <span className="small muted">{t('clean.leftOut', { count: set.dropped })}</span>
        ) : undefined}
      </button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon aria-label={t('runs.actions', { name: set.name })} size={28}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog('rename')}>{t('common.rename')}</Menu.Item>
          <Menu.Item onClick={() => setDialog('write')}>{t('data.write')}</Menu.Item>
          <Menu.Item color="red" onClick={() => setDialog('delete')}>
            {t('common.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {set.skipped.length > 0 && (
        <Button
          variant="subtle"
          size="compact-xs"
          style={{ gridColumn: '1 / -1', justifySelf: 'start' }}
          onClick={() => setDialog('skipped')}
        >
          {t('data.skipped.count', { count: set.skipped.length })}
        </Button>
      )}
      {dialog === 'write' && <WriteOut set={set} close={close} />}
      <Rename set={set} opened={dialog === 'rename'} close={close} />
      <Modal
        opened={dialog === 'delete'}
        onClose={close}
        title={t('data.delete.title', { name: set.name })}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <p className="muted">{t('data.delete.body')}</p>
        <div className="row" style={{ justifyContent: 'flex-end', marginTop: 16 }}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            color="red"
            onClick={() => {
              close();
              api()
                .data.remove(set.id)
                .then(() => refreshDatasets())
                .catch(reportError);
            }}
          >
            {t('common.delete')}
          </Button>
        </div>
      </Modal>
      <Modal
        opened={dialog === 'skipped'}
        onClose={close}
        title={t('data.skipped.title')}
        size="xl"
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <ScrollArea.Autosize mah={480}>
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('data.skipped.file')}</Table.Th>
                <Table.Th>{t('data.skipped.reason')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {set.skipped.map((item) => {
                const text = errorText(item.code, item.params, t.locale);
                return (
                  <Table.Tr key={`${item.file} ${item.code} ${JSON.stringify(item.params)}`}>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>{item.file}</Table.Td>
                    <Table.Td>
                      {text.title}: {text.body}
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      </Modal>
    </div>
  );
}

function Rename({ set, opened, close }: { set: DatasetSummary; opened: boolean; close: () => void }) {
  const t = useT();
  const [name, setName] = useState(set.name);
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('common.rename')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          close();
          if (name.trim()) renameDataset(set.id, name.trim()).catch(reportError);
        }}
      >
        <TextInput
          label={t('common.name')}
          value={name}
          maxLength={120}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className="row" style={{ justifyContent: 'flex-end', marginTop: 16 }}>
          <Button type="submit">{t('common.save')}</Button>
        </div>
      </form>
    </Modal>
  );
}
