/** The head of a table's column that sorts by it. */
import { useT } from '../i18n/index.ts';
import css from './components.module.css';

interface Props {
  title: string;
  /** How it is sorted now, where it is by this column. */
  down?: boolean;
  onPress: () => void;
}

export const ariaSort = (down: boolean | undefined) =>
  down === undefined ? undefined : down ? 'descending' : 'ascending';

/** Stands in a `th` that has `ariaSort`. */
export function SortHead({ title, down, onPress }: Props) {
  const t = useT();
  return (
    <button type="button" className={css.sort} title={t('runs.sortBy', { column: title })} onClick={onPress}>
      {title}
      {down !== undefined && <span aria-hidden>{down ? ' ↓' : ' ↑'}</span>}
    </button>
  );
}
