/** What undo means on the Data screen: set by the state of what a person does there (state/cleaning.ts), which is loaded with the screen. */
export interface Undoing {
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
}

export const dataUndo: { now: () => Undoing } = {
  now: () => ({ undo: () => undefined, redo: () => undefined, canUndo: false, canRedo: false }),
};
