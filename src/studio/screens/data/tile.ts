/** How large the tile of a sample is: it has room for each modality that the data set has, and all tiles are equal so that only those in view are drawn. */
import type { DatasetSummary } from '../../../workers/api.ts';
import { modalitiesOf } from '../../state/datasets.ts';

export interface TileSize {
  width: number;
  height: number;
  /** Side of the picture; 0 where the set has none. */
  picture: number;
  /** Lines of text, and table cells. */
  lines: number;
  cells: number;
}

const line = 17;
const padding = 26;

export function tileSize(dataset: DatasetSummary): TileSize {
  const having = modalitiesOf(dataset);
  const mixed = having.some((modality) => modality === 'audio' || modality === 'table') || dataset.target;
  const width = mixed ? 190 : 132;
  const picture = having.includes('image') ? (mixed ? 112 : width - 12) : 0;
  const lines = having.includes('text') ? (mixed ? 2 : 3) : 0;
  const columns = dataset.table ? dataset.table.columns.length * dataset.table.steps : 3;
  const cells = having.includes('table') ? Math.min(3, columns) : 0;
  const height =
    padding +
    picture +
    (lines + cells) * line +
    (having.includes('audio') ? 34 : 0) +
    (dataset.target ? line + 4 : 0);
  return { width, height, picture, lines, cells };
}
