/**
 * The inputs of each modality, by name and shape:
 *   image   images [B, side, side, 3], normalized; or bytes that lie on the device, read through views
 *   text    tokens [B, N] i32, keep [B, N]
 *   audio   sound [B, frames, bins], soundKeep [B, frames]
 *   table   cells [B, steps, columns] with 0 where a cell is missing, cellKeep of the same shape
 * and `present.<modality>` [B] for a modality that some samples lack.
 */
import { StudioError } from '../core/errors.ts';
import type { Graph } from '../engine/graph/graph.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { alterPictures, readPictures } from '../engine/ops/functions.ts';
import { pictureWords } from '../engine/ops/readPictures.ts';
import type { ModelShape } from './shape.ts';

/** The input that holds what a sample is, as numbers; of text these are the embeddings of its tokens, which its encoder makes. */
export const contents: Readonly<Record<string, string>> = { image: 'images', audio: 'sound', table: 'cells' };

/** @throws StudioError `recipe-invalid` for a modality that the data does not have */
export function modalityInputs(graph: Graph, modality: string, shape: ModelShape): Record<string, Tensor> {
  const { batch, imageSize, textLength, sound, table } = shape;
  const path = `encoders.${modality}`;
  const lacking = () =>
    new StudioError('recipe-invalid', { path, message: `the data has no ${modality}; remove this encoder` });
  if (modality === 'image') {
    if (imageSize === 0) throw lacking();
    if (!shape.pictures) return { images: graph.input('images', [batch, imageSize, imageSize, 3]) };
    const resident = { resident: true };
    const pixels = graph.input('pixels', [shape.pictures.capacity, pictureWords(imageSize)], 'i32', resident);
    const rows = graph.input('rows', [batch], 'i32');
    const views = graph.input('views', [batch, 6]);
    const normalization = graph.input('normalization', [6], 'f32', resident);
    const images = readPictures(pixels, rows, views, normalization, imageSize);
    if (!shape.alter) return { images };
    const alterations = graph.input('alterations', [batch, 6]);
    return { images: alterPictures(images, alterations, normalization, shape.alter.reach) };
  }
  if (modality === 'text')
    return {
      tokens: graph.input('tokens', [batch, textLength], 'i32'),
      keep: graph.input('keep', [batch, textLength]),
    };
  if (modality === 'audio') {
    if (!sound) throw lacking();
    return {
      sound: graph.input('sound', [batch, sound.frames, sound.bins]),
      soundKeep: graph.input('soundKeep', [batch, sound.frames]),
    };
  }
  if (modality === 'table') {
    if (!table) throw lacking();
    const extent = [batch, table.steps, table.columns];
    return { cells: graph.input('cells', extent), cellKeep: graph.input('cellKeep', extent) };
  }
  throw new StudioError('recipe-invalid', {
    path,
    message: `“${modality}” is not image, text, audio or table`,
  });
}
