/** Take a model away in one of several forms, each tried before it is saved; bring one back. */
import { Button, FileButton, Select } from '@mantine/core';
import { IconPackageExport } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { ContinueRun } from '../../components/ContinueRun.tsx';
import { Empty } from '../../components/Empty.tsx';
import { OptionCards } from '../../components/OptionCards.tsx';
import { useT } from '../../i18n/index.ts';
import '../../i18n/texts/export.ts';
import { chooseForm, exporting, readModel } from '../../state/exporting.ts';
import { importHubFiles, importModelFile } from '../../state/models.ts';
import { runs, visibleRuns } from '../../state/runs.ts';
import { session } from '../../state/session.ts';
import { CodeBox } from './CodeBox.tsx';
import css from './Export.module.css';
import { Form } from './Form.tsx';
import { WholeRun } from './WholeRun.tsx';

const newest = 'newest';
/** React has no word for it. */
const folderInput = { webkitdirectory: '' };

export function Export() {
  const t = useT();
  const list = visibleRuns(useStore(runs));
  const open = useStore(session, (status) => status.run);
  const { model, reading, targets, type } = useStore(exporting);
  const run = list.find(({ id }) => id === model?.run) ?? list.find(({ id }) => id === open) ?? list[0];
  const steps = run ? [...new Set(run.checkpoints.map(({ step }) => step))].sort((a, b) => b - a) : [];
  const first = run?.id;
  useEffect(() => {
    const { model: read, reading: under } = exporting.getState();
    if (first !== undefined && !read && !under) void readModel(first);
  }, [first]);
  const target = targets.find((one) => one.type === type) ?? targets[0];
  return (
    <div className="screen">
      <header>
        <h1>{t('export.title')}</h1>
        <p className="muted">{t('export.lead')}</p>
      </header>
      {run ? (
        <section className={`card ${css.box}`}>
          <div className={css.fields}>
            <Select
              label={t('export.run')}
              value={run.id}
              data={list.map((item) => ({
                value: item.id,
                label: `${item.name} · ${t('export.step', { step: item.step })}`,
              }))}
              allowDeselect={false}
              onChange={(id) => id && void readModel(id)}
            />
            <Select
              label={t('export.at')}
              value={model?.step === undefined ? newest : String(model.step)}
              data={[
                { value: newest, label: t('export.newest', { step: run.step }) },
                ...steps.map((step) => ({ value: String(step), label: t('export.step', { step }) })),
              ]}
              allowDeselect={false}
              disabled={reading}
              onChange={(value) => void readModel(run.id, value === newest ? undefined : Number(value))}
            />
          </div>
          {reading && (
            <p className="muted" role="status">
              {t('export.reading')}
            </p>
          )}
          {target && !reading && (
            <>
              <OptionCards
                label={t('export.form')}
                value={target.type}
                options={targets.map((one) => ({
                  value: one.type,
                  title: t.pick(one.title),
                  summary: t.pick(one.summary),
                  source: one.source,
                  misfit: one.unfit && t.pick(one.unfit),
                }))}
                onChange={chooseForm}
              />
              <Form key={target.type} target={target} />
            </>
          )}
        </section>
      ) : (
        <Empty
          icon={<IconPackageExport size={36} stroke={1.3} />}
          title={t('export.none.title')}
          body={t('export.none.body')}
          second={<ContinueRun />}
        />
      )}
      <div className={css.columns}>
        {run && <WholeRun run={run.id} />}
        <section className={`card ${css.box}`}>
          <h2>{t('export.import')}</h2>
          <p className="muted">{t('export.importBody')}</p>
          <div className="row wrap">
            <FileButton accept=".zip,application/zip" onChange={(file) => file && void importModelFile(file)}>
              {(props) => (
                <Button variant="default" {...props}>
                  {t('export.choose')}
                </Button>
              )}
            </FileButton>
            <FileButton
              multiple
              inputProps={{ multiple: true, ...folderInput }}
              onChange={(files) =>
                files.length > 0 &&
                void importHubFiles(
                  files.map((file) => ({ path: file.webkitRelativePath || file.name, file })),
                )
              }
            >
              {(props) => (
                <Button variant="default" {...props}>
                  {t('export.chooseHub')}
                </Button>
              )}
            </FileButton>
          </div>
        </section>
        <section className={`card ${css.box}`}>
          <h2>{t('export.headless')}</h2>
          <CodeBox
            code={`npm run train -- --data <folder> --recipe recipe.json --out out\nnpm run export -- --model out/model.zip --to ${target?.type ?? 'model'} --out exported`}
          />
        </section>
      </div>
    </div>
  );
}
