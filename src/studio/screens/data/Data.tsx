/** Data: bring pictures, words, sounds and tables in, or make a built-in set; see what was found, look through it. */
import { Button } from '@mantine/core';
import { IconArrowRight, IconPhotoScan, IconUpload } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { goTo } from '../../app/navigate.ts';
import { Empty } from '../../components/Empty.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { useT } from '../../i18n/index.ts';
import '../../i18n/texts/cleaning.ts';
import { datasets, selectedDataset } from '../../state/datasets.ts';
import { cancelImport, importing } from '../../state/importing.ts';
import { cancelSampleSet, makeSampleSet, sampleSet } from '../../state/sampleSet.ts';
import { BuiltIns } from './BuiltIns.tsx';
import { Choosing } from './Choosing.tsx';
import { Cleaning } from './cleaning/Cleaning.tsx';
import css from './Data.module.css';
import { Look } from './Look.tsx';
import { PickFiles } from './PickFiles.tsx';
import { Sets } from './Sets.tsx';

export function Data() {
  const t = useT();
  const stage = useStore(importing, (state) => state.stage);
  const progress = useStore(importing, (state) => state.progress);
  const { list, loaded } = useStore(datasets);
  const selected = useStore(datasets, selectedDataset);
  const sample = useStore(sampleSet);
  return (
    <div className="screen">
      <header className="row wrap" style={{ gap: 16 }}>
        <div className="grow" style={{ minWidth: 240 }}>
          <h1>{t('data.title')}</h1>
          <p className="muted">{t('data.lead')}</p>
        </div>
        {selected && stage === 'idle' && (
          <Button rightSection={<IconArrowRight size={16} />} onClick={() => goTo('model')}>
            {t('data.train')}
          </Button>
        )}
      </header>
      {(stage === 'planning' || stage === 'importing') && (
        <section className="card" style={{ padding: 20 }}>
          <ProgressLine progress={progress} cancel={cancelImport} />
        </section>
      )}
      {stage === 'choosing' && <Choosing />}
      {stage === 'idle' && <DropZone compact={list.length > 0} />}
      {sample.busy && (
        <section className="card" style={{ padding: 20 }}>
          <ProgressLine progress={sample.progress} cancel={cancelSampleSet} />
        </section>
      )}
      {loaded && list.length === 0 && stage === 'idle' && !sample.busy && (
        <Empty
          icon={<IconPhotoScan size={36} stroke={1.3} />}
          title={t('data.none.title')}
          body={t('data.none.body')}
          action={{ label: t('data.sample'), run: () => void makeSampleSet() }}
        />
      )}
      {list.length > 0 && (
        <div className={css.columns}>
          <Sets />
          {selected && (
            <div className={css.samples}>
              <Cleaning dataset={selected} />
              <Look key={selected.id} dataset={selected} />
            </div>
          )}
        </div>
      )}
      {loaded && stage === 'idle' && <BuiltIns key={String(list.length > 0)} closed={list.length > 0} />}
    </div>
  );
}

function DropZone({ compact }: { compact: boolean }) {
  const t = useT();
  return (
    <section className={css.drop} data-compact={compact}>
      <IconUpload size={compact ? 22 : 30} stroke={1.4} aria-hidden />
      <div className="grow" style={{ minWidth: 220 }}>
        <h2>{t('data.drop.title')}</h2>
        <p className="muted small">{t('data.drop.body')}</p>
      </div>
      <PickFiles folder={t('data.drop.folder')} files={t('data.drop.files')} />
    </section>
  );
}
