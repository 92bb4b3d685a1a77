/** What was recognized: each source with its layout, options and first rows, what they give together, and how pictures will be kept. All correctable. */
import { Alert, Button, ColorInput, NumberInput, Select } from '@mantine/core';
import { useStore } from 'zustand';
import { errorText } from '../../../core/errorTexts.ts';
import type { ImportPreview, StoreOptions } from '../../../workers/api.ts';
import { Modalities } from '../../components/Modalities.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { useT } from '../../i18n/index.ts';
import {
  cancelImport,
  forget,
  importing,
  nameOf,
  runImport,
  setStore,
  setTogether,
  sizeOf,
} from '../../state/importing.ts';
import css from './Data.module.css';
import { PickFiles } from './PickFiles.tsx';
import { SourceCard } from './SourceCard.tsx';
import { targetText } from './targetText.ts';

export function Choosing() {
  const t = useT();
  const state = useStore(importing);
  const { sources, all, adding, dropped, progress } = state;
  if (sources.length === 0) return null;
  const [only] = sources;
  const several = sources.length > 1;
  const preview = several ? all?.preview : only.preview;
  const files = sources.reduce((sum, { plan }) => sum + plan.files, 0);
  const bytes = sources.reduce((sum, { plan }) => sum + plan.bytes, 0);
  return (
    <section className={`card ${css.choosing}`}>
      <header className="row wrap">
        <div className="grow" style={{ minWidth: 200 }}>
          <h2 className={css.sourceName}>{t('data.import.title', { name: nameOf(state) })}</h2>
          <p className="muted small">
            {several
              ? t('data.source.found', { sources: sources.length, files, bytes: t.bytes(bytes) })
              : t('data.import.found', { files, bytes: t.bytes(bytes) })}
          </p>
        </div>
        <Button variant="default" onClick={() => void forget()}>
          {t('common.cancel')}
        </Button>
        <Button onClick={() => void runImport()} disabled={adding || !preview || preview.images === 0}>
          {t('data.import.button')}
        </Button>
      </header>
      {several && <Together preview={all?.preview} />}
      {several && all?.error && (
        <Alert color="red" title={errorText(all.error.code, all.error.params, t.locale).title}>
          <p>{errorText(all.error.code, all.error.params, t.locale).body}</p>
          <p>{errorText(all.error.code, all.error.params, t.locale).action}</p>
        </Alert>
      )}
      {several ? (
        sources.map((source, place) => <SourceCard key={source.plan.id} source={source} place={place} />)
      ) : (
        <SourceCard key={only.plan.id} source={only} />
      )}
      <div className={css.more}>
        <p className={`muted small ${css.help}`}>{t('data.source.help')}</p>
        {dropped && (
          <Button variant="default" disabled={adding} onClick={() => void setTogether(!dropped.together)}>
            {t(dropped.together ? 'data.source.apart' : 'data.source.together')}
          </Button>
        )}
        <PickFiles folder={t('data.source.folder')} files={t('data.source.files')} disabled={adding} />
      </div>
      {adding && <ProgressLine progress={progress} cancel={cancelImport} />}
      {(preview?.having.image ?? 0) > 0 && <Store />}
    </section>
  );
}

/** What the sources give as one set. */
function Together({ preview }: { preview?: ImportPreview }) {
  const t = useT();
  if (!preview) return null;
  const { having, images, pairs, target } = preview;
  return (
    <div className="row wrap" style={{ columnGap: 16 }} role="status">
      <h3>{t('data.source.all')}</h3>
      <span className="muted">{t('data.import.counts', { samples: images, pairs })}</span>
      <Modalities of={Object.keys(having)} counts={having} />
      <span className="small muted">{target ? targetText(t, target) : t('data.target.none')}</span>
    </div>
  );
}

function Store() {
  const t = useT();
  const state = useStore(importing);
  const { store } = state;
  return (
    <fieldset className={css.fieldset}>
      <legend>{t('data.import.store')}</legend>
      <NumberInput
        label={t('data.import.size')}
        description={t('data.import.sizeHelp')}
        value={sizeOf(state)}
        min={8}
        max={512}
        step={16}
        onChange={(size) => typeof size === 'number' && setStore({ size })}
      />
      <Select
        label={t('data.import.fit')}
        value={store.fit}
        data={(['crop', 'pad', 'stretch'] as const).map((value) => ({
          value,
          label: t(`data.import.fit.${value}`),
        }))}
        onChange={(fit) => fit !== null && setStore({ fit: fit as StoreOptions['fit'] })}
      />
      <ColorInput
        label={t('data.import.background')}
        format="hex"
        value={store.background}
        onChange={(background) => /^#[0-9a-f]{6}$/i.test(background) && setStore({ background })}
      />
    </fieldset>
  );
}
