/** What this browser's storage holds: how full it is, what each set takes, what may be let go, and whether the browser may delete it. */
import { Button, Progress } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { useT } from '../../i18n/index.ts';
import '../../i18n/texts/features.ts';
import { datasets } from '../../state/datasets.ts';
import css from './Data.module.css';

type Stored = Awaited<ReturnType<ReturnType<typeof api>['data']['storage']>>;

/** From here on a full disk is near. */
const nearlyFull = 0.8;

export function Storage() {
  const t = useT();
  const list = useStore(datasets, (state) => state.list);
  const [stored, setStored] = useState<Stored>();
  const [kept, setKept] = useState(true);
  const look = useCallback(() => {
    api().data.storage().then(setStored).catch(reportError);
    navigator.storage.persisted().then(setKept).catch(reportError);
  }, []);
  // Another list takes other space.
  useEffect(() => {
    if (list.length > 0) look();
  }, [look, list]);
  if (!stored) return null;
  const { used, quota, sets, features, tokenizers } = stored;
  const share = quota > 0 ? used / quota : 0;
  const ofSets = sets.reduce((sum, { bytes }) => sum + bytes, 0);
  const remade = sets.filter((set) => set.remade > 0);
  const free = () => Promise.all(remade.map(({ id }) => api().data.free(id))).then(look, reportError);
  return (
    <section className={`card ${css.storage}`} aria-label={t('storage.title')}>
      <strong>{t('storage.title')}</strong>
      <Progress
        value={100 * share}
        size={6}
        color={share > nearlyFull ? 'red' : undefined}
        aria-label={t('storage.title')}
      />
      <span className="small muted">{t('storage.used', { used: t.bytes(used), quota: t.bytes(quota) })}</span>
      <span className="small muted">{t('storage.sets', { bytes: t.bytes(ofSets) })}</span>
      {tokenizers.count > 0 && (
        <span className="small muted">
          {t('storage.tokenizers', { count: tokenizers.count, bytes: t.bytes(tokenizers.bytes) })}
        </span>
      )}
      {features.count > 0 && (
        <>
          <span className="small muted">
            {t('storage.features', { count: features.count, bytes: t.bytes(features.bytes) })}
          </span>
          <Button
            variant="default"
            size="compact-xs"
            onClick={() => void api().data.freeFeatures().then(look, reportError)}
            title={t('storage.featuresAgain')}
          >
            {t('storage.freeFeatures', { bytes: t.bytes(features.bytes) })}
          </Button>
        </>
      )}
      {share > nearlyFull && <span className="small">{t('storage.full')}</span>}
      {remade.length > 0 && (
        <Button variant="default" size="compact-xs" onClick={() => void free()} title={t('storage.remade')}>
          {t('storage.free', { bytes: t.bytes(remade.reduce((sum, set) => sum + set.remade, 0)) })}
        </Button>
      )}
      {!kept && (
        <>
          <span className="small muted">{t('storage.mayGo')}</span>
          <Button
            variant="default"
            size="compact-xs"
            onClick={() => void navigator.storage.persist().then(setKept, reportError)}
          >
            {t('storage.keep')}
          </Button>
        </>
      )}
    </section>
  );
}
