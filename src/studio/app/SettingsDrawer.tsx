/** Language, appearance and where to train, with honest notes on speed. */
import { Drawer, Radio, SegmentedControl } from '@mantine/core';
import { useStore } from 'zustand';
import type { Language } from '../../core/errors.ts';
import type { ExecutorName } from '../../workers/api.ts';
import { useT } from '../i18n/index.ts';
import { capabilities, chooseExecutor } from '../state/capabilities.ts';
import { type Settings, settings } from '../state/settings.ts';
import { overlays } from './overlays.ts';

export function SettingsDrawer() {
  const t = useT();
  const opened = useStore(overlays, (state) => state.settings);
  const chosen = useStore(settings);
  const { list } = useStore(capabilities);
  return (
    <Drawer
      opened={opened}
      onClose={() => overlays.setState({ settings: false })}
      position="right"
      size={400}
      title={t('settings.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className="stack" style={{ gap: 28 }}>
        <section>
          <h2 style={{ marginBottom: 8 }}>{t('settings.language')}</h2>
          <SegmentedControl
            fullWidth
            aria-label={t('settings.language')}
            value={chosen.locale}
            onChange={(locale) => settings.setState({ locale: locale as Language })}
            data={[
              { value: 'en', label: 'English' },
              { value: 'zh', label: '简体中文' },
            ]}
          />
        </section>
        <section>
          <h2 style={{ marginBottom: 8 }}>{t('settings.scheme')}</h2>
          <SegmentedControl
            fullWidth
            aria-label={t('settings.scheme')}
            value={chosen.scheme}
            onChange={(scheme) => settings.setState({ scheme: scheme as Settings['scheme'] })}
            data={(['system', 'light', 'dark'] as const).map((value) => ({
              value,
              label: t(`settings.scheme.${value}`),
            }))}
          />
        </section>
        <Radio.Group
          label={<h2>{t('settings.executor')}</h2>}
          description={t('settings.executorHelp')}
          value={chosen.executor}
          onChange={(executor) => settings.setState({ executor: executor as ExecutorName | 'auto' })}
        >
          <div className="stack" style={{ marginTop: 12 }}>
            <Radio
              value="auto"
              label={t('settings.auto')}
              description={t('settings.autoHelp', { name: t(`executor.${chooseExecutor(list, 'auto')}`) })}
            />
            {list.map((item) => (
              <Radio
                key={item.name}
                value={item.name}
                disabled={!item.available}
                label={
                  <>
                    {t(`executor.${item.name}`)}{' '}
                    {item.adapter && <span className="muted">· {item.adapter}</span>}
                  </>
                }
                description={
                  item.available
                    ? t(`executor.note.${item.name}`)
                    : t('settings.unavailable', { reason: item.reason ?? '–' })
                }
              />
            ))}
          </div>
        </Radio.Group>
      </div>
    </Drawer>
  );
}
