/** The frame of the studio: rail, bar, the screen, and the overlays that exist everywhere. */
import { MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { Suspense, useEffect, useMemo } from 'react';
import { Route, Router, Switch, useLocation } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { useT } from '../i18n/index.ts';
import { cssVariablesResolver, theme } from '../theme/theme.ts';
import { useScheme } from '../theme/useTokens.ts';
import { Banner } from './Banner.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { GlobalDrop } from './GlobalDrop.tsx';
import { HelpSheet } from './HelpSheet.tsx';
import { Palette } from './Palette.tsx';
import { Rail } from './Rail.tsx';
import './registerCommands.ts';
import { pathOf } from './paths.ts';
import { SettingsDrawer } from './SettingsDrawer.tsx';
import { screens } from './screens.ts';
import css from './shell.module.css';
import { TopBar } from './TopBar.tsx';
import { useKeyboard } from './useKeyboard.ts';

export function App() {
  const t = useT();
  // Close buttons that a library draws (notifications) have no name of their own.
  const named = useMemo(
    () =>
      mergeThemeOverrides(theme, {
        components: { CloseButton: { defaultProps: { 'aria-label': t('common.close') } } },
      }),
    [t],
  );
  return (
    <MantineProvider theme={named} cssVariablesResolver={cssVariablesResolver} forceColorScheme={useScheme()}>
      <Router hook={useHashLocation}>
        <Frame />
      </Router>
    </MantineProvider>
  );
}

function Frame() {
  const t = useT();
  const [location] = useLocation();
  useKeyboard();
  useEffect(() => {
    document.documentElement.lang = t.locale === 'zh' ? 'zh-CN' : 'en';
    const screen = screens.find((item) => pathOf(item.id) === location);
    document.title = screen ? `${t(`screen.${screen.id}`)} · Amalgam` : 'Amalgam';
  }, [t, location]);
  return (
    <div className={css.frame}>
      <button type="button" className={css.skip} onClick={() => document.getElementById('main')?.focus()}>
        {t('app.skip')}
      </button>
      <Rail />
      <div className={css.body}>
        <TopBar />
        <Banner />
        <main id="main" tabIndex={-1} className={css.main}>
          <ErrorBoundary key={location} says="error.screen">
            <Suspense fallback={<div className="screen muted">{t('common.loading')}</div>}>
              <Switch>
                {screens.map(({ id, Screen }) => (
                  <Route key={id} path={pathOf(id)} component={Screen} />
                ))}
                <Route>
                  <div className="screen">
                    <h1>{t('screen.missing')}</h1>
                  </div>
                </Route>
              </Switch>
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <GlobalDrop />
      <Palette />
      <HelpSheet />
      <SettingsDrawer />
      <Notifications position="bottom-right" limit={4} />
    </div>
  );
}
