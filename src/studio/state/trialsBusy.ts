/** Whether a comparison or a sweep is under way: they take turns on the device. */
import { useStore } from 'zustand';
import { comparing } from './comparing.ts';
import { sweeping } from './sweeping.ts';

export function useTrialsBusy(): boolean {
  const comparison = useStore(comparing, (state) => state.job);
  const sweep = useStore(sweeping, (state) => state.job);
  return comparison !== undefined || sweep !== undefined;
}
