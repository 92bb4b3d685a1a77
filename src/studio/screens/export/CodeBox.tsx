/** Lines to take over, with a button that copies them. */
import { Button, CopyButton } from '@mantine/core';
import { useT } from '../../i18n/index.ts';
import css from './Export.module.css';

export function CodeBox({ code }: { code: string }) {
  const t = useT();
  return (
    <div className={css.codeBox}>
      <pre className={css.code}>{code}</pre>
      <CopyButton value={code}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" className={css.copy} onClick={copy}>
            {t(copied ? 'error.copied' : 'common.copy')}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
