/** The tokens of the scheme in force, and that scheme: the person's choice, or the system's. */
import { useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { settings } from '../state/settings.ts';
import { type Tokens, tokens } from './tokens.ts';

const query = window.matchMedia('(prefers-color-scheme: dark)');

export function systemScheme(): 'light' | 'dark' {
  return query.matches ? 'dark' : 'light';
}

export function useScheme(): 'light' | 'dark' {
  const chosen = useStore(settings, (state) => state.scheme);
  const system = useSyncExternalStore((changed) => {
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, systemScheme);
  return chosen === 'system' ? system : chosen;
}

export function useTokens(): Tokens {
  return tokens[useScheme()];
}
