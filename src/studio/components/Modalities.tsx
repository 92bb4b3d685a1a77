/** Modalities by their marks and names: the mark's shape and hue as in charts and legends, so that hue is never the only cue. */
import { markPath } from '../charts/marks.ts';
import { useT } from '../i18n/index.ts';
import { modalityName } from '../panels/modalityName.ts';
import { modalityStyle } from '../theme/tokens.ts';
import css from './components.module.css';

export function ModalityMark({ modality, size = 12 }: { modality: string; size?: number }) {
  const { color, mark } = modalityStyle(modality);
  return (
    <svg width={size} height={size} viewBox="-7 -7 14 14" aria-hidden className={css.mark}>
      <path d={markPath(mark, 5)} fill={`var(--a-${color})`} />
    </svg>
  );
}

interface Props {
  of: readonly string[];
  /** Samples that have each, said where it is not `total`. */
  counts?: Partial<Record<string, number>>;
  total?: number;
}

export function Modalities({ of, counts, total }: Props) {
  const t = useT();
  return (
    <ul className={css.modalities}>
      {of.map((modality) => {
        const count = counts?.[modality];
        return (
          <li key={modality} className="small">
            <ModalityMark modality={modality} /> {modalityName(t, modality)}
            {count !== undefined && count !== total && <span className="muted"> {t.count(count)}</span>}
          </li>
        );
      })}
    </ul>
  );
}
