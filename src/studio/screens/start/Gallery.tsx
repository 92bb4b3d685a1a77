/** The shipped recipes with their built-in data, in groups: one click draws the data, takes the recipe and trains. */
import { useStore } from 'zustand';
import type { Catalog } from '../../../workers/api.ts';
import { Modalities } from '../../components/Modalities.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { useT } from '../../i18n/index.ts';
import { shapesRecipe } from '../../state/recipe.ts';
import { cancelSampleSet, sampleSet, trainShipped } from '../../state/sampleSet.ts';
import { gallery, modalitiesIn, showsOf } from './groups.ts';
import css from './Start.module.css';

export function Gallery({ catalog }: { catalog: Catalog }) {
  const t = useT();
  return (
    <section className="stack" style={{ gap: 18 }}>
      <div>
        <h2>{t('start.gallery')}</h2>
        <p className="muted">{t('start.gallery.lead')}</p>
      </div>
      {gallery(catalog, shapesRecipe(catalog).id).map(({ title, recipes }) => (
        <section key={title} className={css.group}>
          <h3>{t(title)}</h3>
          <ul className={css.gallery}>
            {recipes.map((entry) => (
              <Entry key={entry.id} entry={entry} catalog={catalog} />
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function Entry({ entry, catalog }: { entry: Catalog['recipes'][number]; catalog: Catalog }) {
  const t = useT();
  const { busy, what, progress } = useStore(sampleSet);
  const mine = busy && what === entry.id;
  const title = t.pick(entry.title);
  const shows = showsOf(entry.recipe).map((key) => t(key));
  return (
    <li className={`card ${css.entry}`} data-busy={busy}>
      <button
        type="button"
        className={css.begin}
        disabled={busy}
        aria-label={t('start.gallery.train', { title })}
        onClick={() => void trainShipped(entry)}
      >
        {title}
      </button>
      <p className="small grow">{t.pick(entry.summary)}</p>
      {mine ? (
        <ProgressLine progress={progress} cancel={cancelSampleSet} />
      ) : (
        <>
          <p className="small muted">
            {t('start.shows', { what: shows.join(t.locale === 'zh' ? '、' : ', ') })}
          </p>
          <Modalities of={modalitiesIn(entry.recipe, catalog)} />
        </>
      )}
    </li>
  );
}
