/** What is to be predicted, in a sentence. */
import type { Translate } from '../../i18n/index.ts';

export function targetText(
  t: Translate,
  { name, kind, classes }: { name: string; kind: string; classes: number },
) {
  const known = kind === 'labels' || kind === 'number' ? kind : 'class';
  return t(`data.target.${known}`, { name, count: classes });
}
