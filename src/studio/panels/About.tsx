/** The question mark of a panel that has an article. */
import { ActionIcon, Popover } from '@mantine/core';
import { IconHelp } from '@tabler/icons-react';
import { Suspense } from 'react';
import { addTexts } from '../i18n/catalogue.ts';
import { useT } from '../i18n/index.ts';
import { panelTexts } from '../i18n/texts/panels.ts';
import { ArticleView } from './ArticleView.tsx';
import type { Panel } from './panel.ts';

addTexts(panelTexts);

export function About({ panel: { title: name, article } }: { panel: Panel }) {
  const t = useT();
  const title = t.pick(name);
  if (!article) return null;
  return (
    <Popover width={380} position="bottom-end" trapFocus withinPortal returnFocus zIndex={500}>
      <Popover.Target>
        <ActionIcon size={28} aria-label={t('panel.article', { title })}>
          <IconHelp size={16} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Suspense fallback={<p className="muted">{t('common.loading')}</p>}>
          <ArticleView title={title} load={article} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
