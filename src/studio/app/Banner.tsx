/** Said once at the top where there is no WebGPU: what works, how slow it is, and what to do. */
import { CloseButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useT } from '../i18n/index.ts';
import { capabilities, chooseExecutor } from '../state/capabilities.ts';
import { settings } from '../state/settings.ts';
import css from './shell.module.css';

export function Banner() {
  const t = useT();
  const { list, loaded } = useStore(capabilities);
  const wanted = useStore(settings, (state) => state.executor);
  const [hidden, setHidden] = useState(false);
  const webgpu = list.find((item) => item.name === 'webgpu');
  if (!loaded || hidden || webgpu?.available) return null;
  return (
    <aside className={css.banner}>
      <IconAlertTriangle size={18} aria-hidden />
      <div className="grow">
        <strong>{t('banner.title')}</strong>{' '}
        {t('banner.body', { executor: t(`executor.${chooseExecutor(list, wanted)}`) })}{' '}
        {webgpu?.reason && <span className="muted">{t('banner.reason', { reason: webgpu.reason })}</span>}
      </div>
      <CloseButton aria-label={t('banner.close')} onClick={() => setHidden(true)} />
    </aside>
  );
}
