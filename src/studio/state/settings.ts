/** What a person chose for the page: language, scheme, executor. Kept in localStorage with a version. */
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { Language } from '../../core/errors.ts';
import type { ExecutorName } from '../../workers/api.ts';

export interface Settings {
  locale: Language;
  scheme: 'system' | 'light' | 'dark';
  /** `auto`: the best that this browser has (see state/capabilities.ts). */
  executor: ExecutorName | 'auto';
}

const preferred = (): Language => (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');

export const settings = createStore<Settings>()(
  persist((): Settings => ({ locale: preferred(), scheme: 'system', executor: 'auto' }), {
    name: 'amalgam.settings',
    version: 1,
  }),
);
