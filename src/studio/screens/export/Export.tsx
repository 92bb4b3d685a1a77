/** Take a model away as a zip that other tools read; bring one back. */
import { Button, FileButton, Select } from '@mantine/core';
import { IconDownload, IconPackageExport } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { Empty } from '../../components/Empty.tsx';
import { useT } from '../../i18n/index.ts';
import { downloadModel, importModelFile } from '../../state/models.ts';
import { runs, visibleRuns } from '../../state/runs.ts';
import { session } from '../../state/session.ts';
import css from './Export.module.css';

const contents = [
  ['model.safetensors', 'export.weights'],
  ['recipe.json', 'export.recipe'],
  ['tokenizer.json', 'export.tokenizer'],
  ['preprocessor_config.json', 'export.preprocessing'],
  ['README.md', 'export.card'],
] as const;

export function Export() {
  const t = useT();
  const list = visibleRuns(useStore(runs));
  const openId = useStore(session, (status) => status.run);
  const [chosen, setChosen] = useState<string>();
  const [busy, setBusy] = useState(false);
  const run = list.find(({ id }) => id === (chosen ?? openId)) ?? list[0];
  return (
    <div className="screen">
      <header>
        <h1>{t('export.title')}</h1>
        <p className="muted">{t('export.lead')}</p>
      </header>
      <div className={css.columns}>
        <section className={`card ${css.box}`}>
          {run ? (
            <>
              <Select
                label={t('export.run')}
                value={run.id}
                data={list.map((item) => ({
                  value: item.id,
                  label: `${item.name} · ${t('export.step', { step: item.step })}`,
                }))}
                onChange={(id) => id && setChosen(id)}
              />
              <Button
                leftSection={<IconDownload size={16} />}
                loading={busy}
                style={{ alignSelf: 'flex-start' }}
                onClick={() => {
                  setBusy(true);
                  void downloadModel(run.id).finally(() => setBusy(false));
                }}
              >
                {t('export.download')}
              </Button>
              <h2>{t('export.inside')}</h2>
              <dl className={css.list}>
                {contents.map(([file, text]) => (
                  <div key={file}>
                    <dt>
                      <code>{file}</code>
                    </dt>
                    <dd className="muted">{t(text)}</dd>
                  </div>
                ))}
              </dl>
            </>
          ) : (
            <Empty
              icon={<IconPackageExport size={36} stroke={1.3} />}
              title={t('export.none.title')}
              body={t('export.none.body')}
            />
          )}
        </section>
        <div className="stack" style={{ gap: 16 }}>
          <section className={`card ${css.box}`}>
            <h2>{t('export.import')}</h2>
            <p className="muted">{t('export.importBody')}</p>
            <FileButton accept=".zip,application/zip" onChange={(file) => file && void importModelFile(file)}>
              {(props) => (
                <Button variant="default" style={{ alignSelf: 'flex-start' }} {...props}>
                  {t('export.choose')}
                </Button>
              )}
            </FileButton>
          </section>
          <section className={`card ${css.box}`}>
            <h2>{t('export.headless')}</h2>
            <pre
              className={css.code}
            >{`npm run train -- --data <folder> --recipe recipe.json --out out`}</pre>
          </section>
        </div>
      </div>
    </div>
  );
}
