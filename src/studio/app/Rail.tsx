/** The left rail: the screens, then help and settings. At phone widths it lies at the bottom. */
import { Tooltip } from '@mantine/core';
import { IconKeyboard, IconSettings } from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { useT } from '../i18n/index.ts';
import { Logo } from './Logo.tsx';
import { overlays } from './overlays.ts';
import { pathOf } from './paths.ts';
import { screens } from './screens.ts';
import css from './shell.module.css';

export function Rail() {
  const t = useT();
  const [location] = useLocation();
  return (
    <nav className={css.rail} aria-label={t('nav.label')}>
      <Link href="/" className={css.logo} aria-label={t('app.name')}>
        <Logo size={34} />
      </Link>
      <div className={css.items}>
        {screens.map(({ id, icon: Icon }, i) => (
          <Tooltip key={id} label={`${t(`screen.${id}`)} · ${(i + 1) % 10}`} position="right">
            <Link
              href={pathOf(id)}
              className={css.item}
              aria-current={location === pathOf(id) ? 'page' : undefined}
            >
              <Icon size={20} stroke={1.6} aria-hidden />
              <span>{t(`screen.${id}`)}</span>
            </Link>
          </Tooltip>
        ))}
      </div>
      <div className={css.foot}>
        <button type="button" className={css.item} onClick={() => overlays.setState({ help: true })}>
          <IconKeyboard size={20} stroke={1.6} aria-hidden />
          <span>{t('nav.help')}</span>
        </button>
        <button type="button" className={css.item} onClick={() => overlays.setState({ settings: true })}>
          <IconSettings size={20} stroke={1.6} aria-hidden />
          <span>{t('nav.settings')}</span>
        </button>
      </div>
    </nav>
  );
}
