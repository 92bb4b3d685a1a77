/** Turns key presses into commands, unless the person is typing or a control wants the key itself. */
import { spotlight } from '@mantine/spotlight';
import { useEffect } from 'react';
import { commands, runCommand, shortcutOf } from '../state/commands.ts';

const typing = (target: Element) =>
  target.matches('input, textarea, select, [contenteditable="true"], [role="textbox"]');
/** Controls that act on Space or on letters themselves. */
const pressable = (target: Element) =>
  target.closest('button, a, summary, [role="menuitem"], [role="option"], [role="tab"], [role="dialog"]') !==
  null;

export function useKeyboard(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.repeat) return;
      const shortcut = shortcutOf(event);
      if (shortcut === 'mod+k') {
        event.preventDefault();
        spotlight.toggle();
        return;
      }
      const target = event.target instanceof Element ? event.target : document.body;
      if (typing(target)) return;
      if (shortcut === 'space' && pressable(target)) return;
      if (target.closest('[role="dialog"]')) return;
      const command = commands.getState().list.find((item) => item.shortcut === shortcut);
      if (!command) return;
      event.preventDefault();
      runCommand(command.id);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
