/**
 * The step under the pointer, shared by every curve, so that hovering one shows the same step on all. Outside React:
 * charts subscribe and redraw themselves. A pinned cursor stays when the pointer leaves.
 */
export interface Cursor {
  step?: number;
  pinned: boolean;
}

let cursor: Cursor = { pinned: false };
const listeners = new Set<() => void>();

export const getCursor = (): Cursor => cursor;

export function setCursor(next: Cursor): void {
  if (next.step === cursor.step && next.pinned === cursor.pinned) return;
  cursor = next;
  for (const listener of listeners) listener();
}

export function subscribeCursor(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
