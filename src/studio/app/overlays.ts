/** Which page-wide overlays are open. */
import { createStore } from 'zustand/vanilla';

export const overlays = createStore(() => ({ settings: false, help: false }));
