/** Texts as the recipe's tokenizer makes them: pieces one after another, each with its id; what is cut is struck out. */
import { useEffect, useState } from 'react';
import { asStudioError } from '../../core/errors.ts';
import { errorText } from '../../core/errorTexts.ts';
import type { TextData, TokenizedText } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { useT } from '../i18n/index.ts';
import { textDataOf } from '../state/textData.ts';
import css from './TokenLine.module.css';

type Asked = { texts: TokenizedText[]; wrong?: undefined } | { texts?: undefined; wrong: unknown };

/** Asked of the data worker; undefined while it is on its way. */
export function useTokens(dataset: string, data: TextData, texts: readonly string[]): Asked | undefined {
  const [asked, setAsked] = useState<Asked>();
  const words = JSON.stringify([textDataOf(data), texts]);
  useEffect(() => {
    let current = true;
    const [how, list]: [TextData, string[]] = JSON.parse(words);
    api()
      .data.tokens(dataset, how, list)
      .then(
        (found) => current && setAsked({ texts: found }),
        (wrong: unknown) => current && setAsked({ wrong }),
      );
    return () => {
      current = false;
    };
  }, [dataset, words]);
  return asked;
}

export function TokenLine({ tokenized }: { tokenized: TokenizedText }) {
  const t = useT();
  const { pieces, count, limit } = tokenized;
  const cut = count > limit;
  // The end mark takes the last place that is left.
  const seen = (place: number) => !cut || place < limit - 1 || place === count - 1;
  return (
    <div className="stack" style={{ gap: 4 }}>
      <ol className={css.tokens} aria-label={t('tokens.of')}>
        {pieces.map(({ id, text }, place) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: tokens are their places
            key={place}
            title={t('tokens.id', { id: String(id) })}
            data-cut={!seen(place)}
          >
            {text}
            <span className={css.id}>{id}</span>
          </li>
        ))}
        {count > pieces.length && (
          <li className={css.more}>{t('tokens.more', { count: count - pieces.length })}</li>
        )}
      </ol>
      <span className={`small ${cut ? css.warn : 'muted'}`}>
        {t(cut ? 'tokens.cut' : 'tokens.count', { count, limit })}
      </span>
    </div>
  );
}

export function TokensFailed({ wrong }: { wrong: unknown }) {
  const t = useT();
  const { code, params } = asStudioError(wrong);
  const { body, action } = errorText(code, params, t.locale);
  return (
    <p className="small muted" role="alert">
      {t('tokens.failed', { reason: body })} {action}
    </p>
  );
}
