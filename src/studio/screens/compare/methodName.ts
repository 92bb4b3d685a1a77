/** The name of a compared model in words: the fusion's title, or what the control is. */
import type { Catalog } from '../../../workers/api.ts';
import type { Translate } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';

export function methodName(
  t: Translate,
  catalog: Pick<Catalog, 'fusions'> | undefined,
  kind: 'fusion' | 'alone' | 'shuffled',
  name: string,
): string {
  if (kind === 'alone') return t('compare.alone', { modality: modalityName(t, name) });
  const entry = catalog?.fusions.find(({ type }) => type === name);
  const title = entry ? t.pick(entry.title) : name;
  return kind === 'shuffled' ? t('compare.shuffled', { name: title }) : title;
}
