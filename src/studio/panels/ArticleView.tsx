/** What a panel's question mark opens. */
import { use } from 'react';
import { useT } from '../i18n/index.ts';
import type { Article } from './article.ts';
import css from './panels.module.css';

const loading = new WeakMap<() => Promise<{ article: Article }>, Promise<{ article: Article }>>();

/** One promise for each loader, so that drawing again does not load again. */
function loaded(load: () => Promise<{ article: Article }>): Promise<{ article: Article }> {
  const known = loading.get(load) ?? load();
  loading.set(load, known);
  return known;
}

export function ArticleView({ title, load }: { title: string; load: () => Promise<{ article: Article }> }) {
  const t = useT();
  const { article } = use(loaded(load));
  return (
    <article className={css.article} aria-label={title}>
      <h3>{title}</h3>
      {article.body.map((part) =>
        'formula' in part ? (
          <p key={part.formula} className={css.formula}>
            {part.formula}
          </p>
        ) : (
          <p key={part.en}>{t.pick(part)}</p>
        ),
      )}
      {article.sources.map((source) => (
        <p key={source} className="muted small">
          {source}
        </p>
      ))}
    </article>
  );
}
