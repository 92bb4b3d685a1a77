/** Whether the controls stand beside the panels of the Train screen; kept in localStorage. */
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';

export const controlsShown = createStore<{ shown: boolean }>()(
  persist((): { shown: boolean } => ({ shown: false }), { name: 'amalgam.controls', version: 1 }),
);

export function toggleControls(): void {
  controlsShown.setState(({ shown }) => ({ shown: !shown }));
}
