/** The command palette (Ctrl/Cmd+K), made from the command registry. */
import { Kbd } from '@mantine/core';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useStore } from 'zustand';
import { useT } from '../i18n/index.ts';
import { commands, shortcutKeys } from '../state/commands.ts';

export function Palette() {
  const t = useT();
  const { list } = useStore(commands);
  const groups = (['training', 'screens', 'edit', 'view'] as const).map((group) => ({
    group: t(`group.${group}`),
    actions: list
      .filter((command) => command.group === group)
      .map(
        (command): SpotlightActionData => ({
          id: command.id,
          label: t(command.label),
          disabled: !(command.enabled?.() ?? true),
          onClick: command.run,
          rightSection: command.shortcut && (
            <span className="row" style={{ gap: 4 }}>
              {shortcutKeys(command.shortcut).map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </span>
          ),
        }),
      ),
  }));
  return (
    <Spotlight
      actions={groups}
      shortcut={null}
      nothingFound={t('palette.empty')}
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{ placeholder: t('palette.placeholder'), 'aria-label': t('palette.placeholder') }}
    />
  );
}
