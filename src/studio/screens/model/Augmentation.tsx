/** How training samples are changed at random: settings by modality, lists of words, and real samples beside what becomes of them. */

import type { Field } from '../../../core/fields.ts';
import { setIn } from '../../../core/paths.ts';
import { sideWords, synonymLists } from '../../../core/wordLists.ts';
import { FieldsForm } from '../../components/FieldsForm.tsx';
import { ModalityMark } from '../../components/Modalities.tsx';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { setRecipe } from '../../state/recipe.ts';
import css from './Augmentation.module.css';
import { AugmentViews } from './AugmentViews.tsx';
import { augmentFields, augmentLists } from './augmentFields.ts';
import { augmentTexts as texts } from './augmentTexts.ts';
import { type Editing, setAt } from './editing.ts';
import { addLists } from './listText.ts';
import { problemsIn } from './problems.ts';
import { Section } from './Section.tsx';
import { WordList } from './WordList.tsx';

const path = ['data', 'augment'];
const modalities = ['image', 'text', 'audio'] as const;

/** @param used modalities that the recipe uses */
export function Augmentation({ recipe, dataset, problems, used }: Editing & { used: readonly string[] }) {
  const t = useT();
  const { augment } = recipe.data;
  const shown = modalities.filter((modality) => used.includes(modality));
  const keys = shown.flatMap((modality) => augmentFields[modality].map(({ key }) => key));
  const { errors, others } = problemsIn(problems, path.join('.'), [...keys, ...Object.keys(augmentLists)]);
  const set = (key: string, value: unknown) => {
    let next = setIn(recipe, [...path, key], value);
    // What is switched on has words to begin with; both languages, since captions of the other have none of them.
    if (key === 'flip' && value === true && !augment.swap && used.includes('text'))
      next = setIn(next, [...path, 'swap'], addLists(sideWords.en, sideWords.zh));
    if (key === 'synonyms' && value !== 0 && !augment.synonymWords)
      next = setIn(next, [...path, 'synonymWords'], addLists(synonymLists.en, synonymLists.zh));
    setRecipe(next);
  };
  const form = (fields: readonly Field[]) => (
    <FieldsForm fields={fields} values={augment} errors={errors} onChange={set} />
  );
  if (shown.length === 0) return null;
  return (
    <Section id={path.join('.')} title={t.pick(texts.title)} problems={others}>
      <p className="small muted">{t.pick(texts.lead)}</p>
      {shown.map((modality) => (
        <section key={modality} className={css.part} aria-label={modalityName(t, modality)}>
          <h3 className="row">
            <ModalityMark modality={modality} /> {modalityName(t, modality)}
          </h3>
          {form(augmentFields[modality])}
          {modality === 'image' && augment.flip && used.includes('text') && (
            <WordList
              {...augmentLists.swap}
              value={augment.swap}
              lists={sideWords}
              pairs
              empty={texts.noSwap}
              error={errors['swap']}
              onChange={(value) => setAt(recipe, [...path, 'swap'], value)}
            />
          )}
          {modality === 'text' && (augment.synonyms ?? 0) > 0 && (
            <WordList
              {...augmentLists.synonymWords}
              value={augment.synonymWords}
              lists={synonymLists}
              empty={texts.noSynonyms}
              error={errors['synonymWords']}
              onChange={(value) => setAt(recipe, [...path, 'synonymWords'], value)}
            />
          )}
        </section>
      ))}
      <AugmentViews
        recipe={recipe}
        dataset={dataset}
        wrong={problems.some(({ section }) => section.startsWith('data'))}
      />
    </Section>
  );
}
