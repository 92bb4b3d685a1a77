/** How old the last data of a panel is: “step 840, 3 s ago”. */
import { useT } from '../i18n/index.ts';
import type { Panel } from './panel.ts';
import css from './panels.module.css';
import { useVersion } from './useVersion.ts';

const seconds = () => Math.floor(performance.now() / 1000);

export function Age({ last }: { last: () => ReturnType<NonNullable<Panel['last']>> }) {
  const t = useT();
  useVersion(seconds, 1);
  const data = last();
  if (!data) return null;
  const age = Math.max(0, Math.round((performance.now() - data.at) / 1000));
  return (
    <span className={css.age}>
      {age < 2
        ? t('train.age.now', { step: data.step })
        : age < 60
          ? t('train.age.seconds', { step: data.step, age })
          : t('train.age.longer', { step: data.step, age: t.duration(age) })}
    </span>
  );
}
