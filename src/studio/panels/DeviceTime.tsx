/** Time on the device of the profiled steps: a flame view by block and bars by kind of kernel; or what to do, or why there is none. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { type Profile, timeByBlock, timeByKind, totalTime } from '../../core/profile.ts';
import { Bars } from '../charts/Bars.tsx';
import { Flame } from '../charts/Flame.tsx';
import { useT } from '../i18n/index.ts';
import { session } from '../state/session.ts';
import css from './panels.module.css';

const none: NonNullable<Profile['kernels']> = [];

export function DeviceTime({ profile, steps }: { profile: Profile | undefined; steps: number }) {
  const t = useT();
  const finished = useStore(session, ({ state }) => state === 'finished');
  const kernels = profile?.kernels ?? none;
  const root = t('profile.root');
  const tree = useMemo(() => timeByBlock(kernels, root), [kernels, root]);
  const kinds = useMemo(() => timeByKind(kernels), [kernels]);
  if (profile?.untimed) return <p className={css.empty}>{t(`profile.untimed.${profile.untimed}`)}</p>;
  if (!profile)
    return <p className={css.empty}>{finished ? t('profile.finished') : t('profile.do', { steps })}</p>;
  const total = totalTime(kernels);
  const ms = (nanoseconds: number) => t.number(nanoseconds / 1e6);
  const share = (nanoseconds: number) => {
    const part = total > 0 ? nanoseconds / total : 0;
    return part > 0 && part < 0.0005 ? `< ${t.percent(0.001)}` : t.percent(part);
  };
  const { resolution } = profile;
  return (
    <>
      <p className="small">
        {t('profile.summary', { ms: ms(total), kernels: kernels.length, steps: profile.steps })}
        {resolution !== undefined && (
          <span className="muted">
            {' '}
            ·{' '}
            {t('profile.resolution', {
              value: resolution < 1000 ? `${resolution} ns` : `${t.number(resolution / 1000)} µs`,
            })}
          </span>
        )}
      </p>
      <Flame
        label={t('profile.flame', { ms: ms(total) })}
        root={tree}
        describe={({ id, nanoseconds, dispatches }) =>
          t('profile.cell', {
            path: id,
            ms: ms(nanoseconds),
            share: share(nanoseconds),
            count: dispatches,
          })
        }
        hint={t('profile.flame.hint')}
      />
      <h3 className={css.kinds}>{t('profile.kinds')}</h3>
      <Bars
        label={t('profile.kinds')}
        bars={kinds.map(({ kind, nanoseconds, dispatches }) => ({
          name: kind,
          amount: nanoseconds,
          text: t('profile.kind', { ms: ms(nanoseconds), share: share(nanoseconds), count: dispatches }),
        }))}
      />
    </>
  );
}
