/** An encoder for each modality: which kind, its fields, added and removed. One that the data lacks says so, with the way out. */
import { ActionIcon, Button } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { FieldsForm } from '../../components/FieldsForm.tsx';
import { ModalityMark } from '../../components/Modalities.tsx';
import { OptionCards } from '../../components/OptionCards.tsx';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { modalitiesOf } from '../../state/datasets.ts';
import { EncoderDrawing } from './diagrams/EncoderDrawing.tsx';
import { type Editing, setAt } from './editing.ts';
import { replaced } from './fits.ts';
import css from './Model.module.css';
import { problemsIn } from './problems.ts';
import { Section } from './Section.tsx';
import { inSentence } from './sentences.ts';

export function Encoders(editing: Editing) {
  const t = useT();
  const { recipe, catalog, dataset, problems } = editing;
  const offered = dataset
    ? modalitiesOf(dataset)
    : [...new Set(catalog.encoders.flatMap(({ modality }) => modality ?? []))];
  const free = offered.filter((modality) => !recipe.encoders[modality]);
  const add = (modality: string) => {
    const entry = catalog.encoders.find((one) => one.modality === modality);
    if (entry) setAt(recipe, ['encoders', modality], replaced(entry));
  };
  return (
    <>
      {Object.keys(recipe.encoders).map((modality) => (
        <Encoder key={modality} modality={modality} {...editing} />
      ))}
      {problemsIn(problems, 'encoders', []).others.map((text) => (
        <p key={text} className={css.mistake}>
          {text}
        </p>
      ))}
      {free.length > 0 && (
        <div className="row wrap">
          {free.map((modality) => (
            <Button
              key={modality}
              variant="default"
              leftSection={<IconPlus size={14} />}
              rightSection={<ModalityMark modality={modality} />}
              onClick={() => add(modality)}
            >
              {t('model.encoder.add', { modality: inSentence(t, modality) })}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

function Encoder({ modality, recipe, catalog, dataset, problems }: Editing & { modality: string }) {
  const t = useT();
  const path = ['encoders', modality];
  const value = recipe.encoders[modality];
  const entries = catalog.encoders.filter((entry) => entry.modality === modality);
  const entry = entries.find(({ type }) => type === value.type);
  const name = inSentence(t, modality);
  const lacking = dataset && !modalitiesOf(dataset).includes(modality);
  const { errors, others } = problemsIn(problems, path.join('.'), entry?.fields.map(({ key }) => key) ?? []);
  const only = Object.keys(recipe.encoders).length === 1;
  const remove = () => {
    const { [modality]: _, ...rest } = recipe.encoders;
    setAt(recipe, ['encoders'], rest);
  };
  return (
    <Section
      id={path.join('.')}
      title={t('model.encoder.of', { modality: modalityName(t, modality) })}
      modality={modality}
      problems={others}
      remedy={
        lacking &&
        !only && (
          <Button size="compact-sm" color="red" variant="outline" onClick={remove}>
            {t('model.encoder.remove', { modality: name })}
          </Button>
        )
      }
      actions={
        <ActionIcon
          aria-label={t('model.encoder.remove', { modality: name })}
          disabled={only}
          onClick={remove}
        >
          <IconTrash size={16} />
        </ActionIcon>
      }
    >
      <OptionCards
        label={t('model.encoder.of', { modality: modalityName(t, modality) })}
        value={value.type}
        options={entries.map(({ type, title, summary, source }) => ({
          value: type,
          title: t.pick(title),
          summary: t.pick(summary),
          source,
          diagram: <EncoderDrawing type={type} />,
        }))}
        onChange={(type) => {
          const chosen = entries.find((one) => one.type === type);
          if (chosen) setAt(recipe, path, replaced(chosen, value));
        }}
      />
      {entry && (
        <FieldsForm
          fields={entry.fields}
          values={value}
          errors={errors}
          onChange={(key, next) => setAt(recipe, [...path, key], next)}
        />
      )}
    </Section>
  );
}
