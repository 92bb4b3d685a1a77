/** Writes a data set out for other programs: the form, where to, progress and a way to stop. */
import { Button, Modal, Radio } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { asStudioError } from '../../../core/errors.ts';
import type { DatasetSummary, Form, Progress } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { save } from '../../charts/download.ts';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { useT } from '../../i18n/index.ts';
import { proxyProgress } from '../../state/proxyProgress.ts';

const forms: readonly Form[] = ['imagefolder', 'webdataset', 'parquet'];

/** Chromium's dialog for a file to write; absent elsewhere. */
type Picker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
declare global {
  interface Window {
    showSaveFilePicker?: Picker;
  }
}

export function WriteOut({ set, close }: { set: DatasetSummary; close: () => void }) {
  const t = useT();
  const [form, setForm] = useState<Form>('imagefolder');
  const [job, setJob] = useState<string>();
  const [progress, setProgress] = useState<Progress>();
  const name = `${set.name.replaceAll(/[\\/:*?"<>|]/g, '-')}-${form}.zip`;
  const write = async () => {
    try {
      // Asked first, while the press still counts as the person's own.
      const file = await window.showSaveFilePicker?.({ suggestedName: name });
      const own = crypto.randomUUID();
      setJob(own);
      const blob = await api().data.write(set.id, form, file, own, proxyProgress(setProgress));
      if (blob) save(name, blob);
      notifications.show({ message: t('data.write.done', { name: file?.name ?? name }) });
      close();
    } catch (error) {
      // A dialog that was closed is a cancel too.
      if (asStudioError(error).code !== 'cancelled') reportError(error);
    } finally {
      setJob(undefined);
      setProgress(undefined);
    }
  };
  const cancel = () => {
    if (job) api().data.cancel(job).catch(reportError);
  };
  return (
    <Modal
      opened
      onClose={() => {
        cancel();
        close();
      }}
      title={t('data.write.title', { name: set.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <p className="muted">{t('data.write.lead')}</p>
      <Radio.Group
        label={t('data.write.form')}
        value={form}
        onChange={(value) => setForm(forms.find((one) => one === value) ?? form)}
        style={{ margin: '12px 0 16px' }}
      >
        {forms.map((value) => (
          <Radio
            key={value}
            value={value}
            label={t(`data.write.${value}`)}
            disabled={job !== undefined}
            mt={8}
          />
        ))}
      </Radio.Group>
      {job ? (
        <ProgressLine progress={progress} cancel={cancel} />
      ) : (
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={() => void write()}>{t('data.write.button')}</Button>
        </div>
      )}
    </Modal>
  );
}
