/** The encoders that are frozen as a whole: which are computed once per sample and kept, and why others are not. */
import type { FrozenTower } from '../../workers/api.ts';
import { useT } from '../i18n/index.ts';
import '../i18n/texts/features.ts';
import { modalityName } from '../panels/modalityName.ts';

export function FrozenTowers({ towers }: { towers: readonly FrozenTower[] }) {
  const t = useT();
  if (towers.length === 0) return null;
  return (
    <ul
      className="small muted"
      aria-label={t('towers.title')}
      style={{ margin: 0, padding: 0, listStyle: 'none' }}
    >
      {towers.map(({ modality, computed, bytes }) => (
        <li key={modality}>
          {modalityName(t, modality)}
          {t.locale === 'zh' ? '：' : ': '}
          {computed
            ? `${t('towers.computed')}${t.locale === 'zh' ? '，' : '; '}${t(`towers.${computed}`, { bytes: t.bytes(bytes) })}`
            : t('towers.kept', { bytes: t.bytes(bytes) })}
        </li>
      ))}
    </ul>
  );
}
