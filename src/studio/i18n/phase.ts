/** The text of a phase that a worker reports; `phase.other` for one this page does not know. */
import { catalogue, type TextKey } from './catalogue.ts';

const isText = (key: string): key is TextKey => Object.hasOwn(catalogue, key);

export function phaseKey(phase: string | undefined): TextKey {
  const key = `phase.${phase ?? 'other'}`;
  return isText(key) ? key : 'phase.other';
}
