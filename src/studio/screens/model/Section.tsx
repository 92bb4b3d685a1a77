/** A card of the recipe's form, with what is wrong in it at its place. */
import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { ModalityMark } from '../../components/Modalities.tsx';
import css from './Model.module.css';

interface Props {
  /** Where it stands in the recipe, `encoders.image`. */
  id: string;
  title: string;
  modality?: string;
  /** Mistakes that no field of it is named for. */
  problems?: readonly string[];
  /** What can be done about them. */
  remedy?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export const sectionId = (id: string) => `recipe-${id.replaceAll('.', '-')}`;

export function Section({ id, title, modality, problems = [], remedy, actions, children }: Props) {
  return (
    <section id={sectionId(id)} tabIndex={-1} className={`card ${css.section}`} data-modality={modality}>
      <header className="row">
        {modality && <ModalityMark modality={modality} size={14} />}
        <h2 className="grow">{title}</h2>
        {actions}
      </header>
      {problems.map((text) => (
        <Alert key={text} color="red" p="xs">
          <div className="row wrap">
            <span className="grow">{text}</span>
            {remedy}
          </div>
        </Alert>
      ))}
      {children}
    </section>
  );
}
