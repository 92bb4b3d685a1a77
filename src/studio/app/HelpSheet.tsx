/** All keys, generated from the command registry. */
import { Kbd, Modal } from '@mantine/core';
import { useStore } from 'zustand';
import { useT } from '../i18n/index.ts';
import { commands, shortcutKeys } from '../state/commands.ts';
import { overlays } from './overlays.ts';

export function HelpSheet() {
  const t = useT();
  const opened = useStore(overlays, (state) => state.help);
  const { list } = useStore(commands);
  return (
    <Modal
      opened={opened}
      onClose={() => overlays.setState({ help: false })}
      title={t('help.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div
        style={{
          display: 'grid',
          gridTemplateColumns: 'repeat(auto-fit, minmax(240px, 1fr))',
          gap: '20px 32px',
        }}
      >
        {(['training', 'screens', 'edit', 'view'] as const).map((group) => (
          <section key={group}>
            <h2 style={{ marginBottom: 8 }}>{t(`group.${group}`)}</h2>
            {list
              .filter((command) => command.group === group && command.shortcut)
              .map((command) => (
                <Line key={command.id} label={t(command.label)} keys={shortcutKeys(command.shortcut ?? '')} />
              ))}
            {group === 'view' && <Line label={t('help.palette')} keys={shortcutKeys('mod+k')} />}
          </section>
        ))}
      </div>
    </Modal>
  );
}

function Line({ label, keys }: { label: string; keys: string[] }) {
  return (
    <div className="row" style={{ padding: '4px 0', fontSize: 13 }}>
      <span className="grow">{label}</span>
      {keys.map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
    </div>
  );
}
