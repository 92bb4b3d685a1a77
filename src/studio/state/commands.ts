/**
 * Everything a person can do, registered once: the palette, the keyboard and the help sheet read this list, and
 * buttons run the same objects. Idea: excalidraw's actions.
 */
import { createStore } from 'zustand/vanilla';
import type { TextKey } from '../i18n/index.ts';

export interface Command {
  id: string;
  label: TextKey;
  group: 'training' | 'screens' | 'edit' | 'view';
  run: () => void;
  /** `Space`, `s`, `mod+z`, `mod+shift+z`, `?`: compared with the pressed key, lower case. */
  shortcut?: string;
  enabled?: () => boolean;
}

export const commands = createStore<{ list: Command[] }>(() => ({ list: [] }));

/** Adds commands; the answer removes them again. */
export function register(...added: Command[]): () => void {
  commands.setState((state) => ({
    list: [...state.list.filter((command) => !added.some((other) => other.id === command.id)), ...added],
  }));
  return () =>
    commands.setState((state) => ({ list: state.list.filter((command) => !added.includes(command)) }));
}

export function runCommand(id: string): void {
  const command = commands.getState().list.find((item) => item.id === id);
  if (command && (command.enabled?.() ?? true)) command.run();
}

/** The shortcut that a key press spells. */
export function shortcutOf(event: KeyboardEvent): string {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push('mod');
  // `?` already says that shift was held.
  if (event.shiftKey && event.key.length === 1 && /[a-z]/i.test(event.key)) parts.push('shift');
  parts.push(event.key === ' ' ? 'space' : event.key.toLowerCase());
  return parts.join('+');
}

const mac = typeof navigator !== 'undefined' && /mac/i.test(navigator.userAgent);

/** The keys of a shortcut as they are printed on this machine's keyboard. */
export function shortcutKeys(shortcut: string): string[] {
  return shortcut.split('+').map((key) => {
    if (key === 'mod') return mac ? '⌘' : 'Ctrl';
    if (key === 'shift') return mac ? '⇧' : 'Shift';
    if (key === 'space') return 'Space';
    return key.toUpperCase();
  });
}
