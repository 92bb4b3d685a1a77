/** Where training happens: the GPU's name, a yellow notice for a software adapter, or TensorFlow.js. */
import { Tooltip } from '@mantine/core';
import { IconCpu } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useT } from '../i18n/index.ts';
import { capabilities, chooseExecutor } from '../state/capabilities.ts';
import { session } from '../state/session.ts';
import { settings } from '../state/settings.ts';
import { overlays } from './overlays.ts';
import css from './shell.module.css';

export function DeviceBadge() {
  const t = useT();
  const open = useStore(session);
  const { list, loaded } = useStore(capabilities);
  const wanted = useStore(settings, (state) => state.executor);
  if (!loaded) return <span className={`${css.device} muted`}>{t('device.unknown')}</span>;
  const executor = (open.run && open.executor) || chooseExecutor(list, wanted);
  const capability = list.find((item) => item.name === executor);
  const adapter = (open.run && open.adapter) || capability?.adapter || t(`executor.${executor}`);
  const ours = executor === 'webgpu';
  const software = ours && (open.run ? open.software : capability?.software);
  const kind = software ? 'software' : ours ? 'gpu' : 'tfjs';
  const label = software ? t('device.software') : ours ? adapter : 'TensorFlow.js';
  return (
    <Tooltip label={t(`device.${kind}Help`, { adapter })}>
      <button
        type="button"
        className={css.device}
        data-kind={kind}
        onClick={() => overlays.setState({ settings: true })}
      >
        <IconCpu size={15} stroke={1.7} aria-hidden />
        <span className="ellipsis">{label}</span>
      </button>
    </Tooltip>
  );
}
