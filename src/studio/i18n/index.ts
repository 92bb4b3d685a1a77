/**
 * The page's texts in the language in force. Small and typed in place of a library: keys are checked by the
 * compiler, numbers and dates go through Intl.
 */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { Language } from '../../core/errors.ts';
import type { Text } from '../../core/fields.ts';
import { settings } from '../state/settings.ts';
import { catalogue, type TextKey } from './catalogue.ts';
import { createFormat, type Format } from './format.ts';
import { fill, type TextParams } from './texts.ts';

export type { TextKey } from './catalogue.ts';

export interface Translate extends Format {
  (key: TextKey, params?: TextParams): string;
  locale: Language;
  /** A text that a definition carries itself. */
  pick(text: Text): string;
}

export function createTranslate(locale: Language): Translate {
  const tag = locale === 'zh' ? 'zh-CN' : 'en';
  const translate = (key: TextKey, params: TextParams = {}) => {
    // A screen's own text before the screen is there: its name is better than nothing.
    const [en, zh] = catalogue[key] ?? [key, key];
    return fill(locale === 'zh' ? zh : en, params, tag);
  };
  return Object.assign(translate, createFormat(tag), { locale, pick: (text: Text) => text[locale] });
}

/** The translator of the language in force, in components. */
export function useT(): Translate {
  const locale = useStore(settings, (state) => state.locale);
  return useMemo(() => createTranslate(locale), [locale]);
}

/** The same outside components. */
export function currentT(): Translate {
  return createTranslate(settings.getState().locale);
}
