/** The last profile of the open run, and whether one is being made. */
import { createStore } from 'zustand/vanilla';
import type { Profile } from '../../core/profile.ts';
import { session } from './session.ts';

interface Profiling {
  /** A profile is under way. */
  busy: boolean;
  /** The run that `profile` belongs to. */
  run?: string;
  profile?: Profile;
  /** When it came (performance.now). */
  at: number;
}

export const profiling = createStore<Profiling>(() => ({ busy: false, at: 0 }));

/** Undefined for another run's. */
export function currentProfile(): (Profile & { at: number }) | undefined {
  const { profile, run, at } = profiling.getState();
  return profile && run === session.getState().run ? { ...profile, at } : undefined;
}
