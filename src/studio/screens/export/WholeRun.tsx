/** The run itself as a folder, which opens again in another browser. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useT } from '../../i18n/index.ts';
import { downloadRun } from '../../state/models.ts';
import css from './Export.module.css';

export function WholeRun({ run }: { run: string }) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  return (
    <section className={`card ${css.box}`}>
      <h2>{t('export.whole')}</h2>
      <p className="muted">{t('export.wholeBody')}</p>
      <Button
        variant="default"
        style={{ alignSelf: 'flex-start' }}
        loading={busy}
        onClick={() => {
          setBusy(true);
          void downloadRun(run).finally(() => setBusy(false));
        }}
      >
        {t('export.wholeSave')}
      </Button>
    </section>
  );
}
