/** The model drawn from its graph; a block that is chosen shows its parts. */
import { useState } from 'react';
import type { Diagram, Examination } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import { DiagramDrawing } from './DiagramDrawing.tsx';
import css from './Model.module.css';

type Block = Diagram['blocks'][number];

export function DiagramView({ examination }: { examination: Examination }) {
  const t = useT();
  const [chosen, setChosen] = useState<string>();
  const { diagram } = examination;
  const detail = diagram.blocks.find((block) => block.id === chosen);
  return (
    <section className={`card ${css.diagram}`}>
      <h2>{t('model.diagram')}</h2>
      <p className="muted small">{t('model.diagram.hint')}</p>
      <DiagramDrawing
        diagram={diagram}
        parameters={examination.parameters}
        chosen={chosen}
        onChoose={(block) => setChosen(chosen === block ? undefined : block)}
      />
      {detail && (
        <Detail block={detail} parts={diagram.blocks.filter((block) => block.parent === detail.id)} />
      )}
    </section>
  );
}

function Detail({ block, parts }: { block: Block; parts: readonly Block[] }) {
  const t = useT();
  return (
    <div className={css.detail}>
      <strong>{block.id}</strong>
      <span className="muted small">
        {block.output && `${t('model.block.output', { shape: block.output })} · `}
        {block.parameters ? t('model.block.parameters', { count: block.parameters }) : t('model.block.none')}
      </span>
      {parts.map((part) => (
        <span key={part.id} className="small">
          {part.label}{' '}
          <span className="muted">{t('model.block.parameters', { count: part.parameters })}</span>
        </span>
      ))}
    </div>
  );
}
