/**
 * From recipe to graph. The same parameters, by name, appear in every graph made from one recipe: the training step, the towers alone for
 * embedding, and the towers with their attention written out for looking at.
 */

import { StudioError } from '../core/errors.ts';
import { checkFields } from '../core/fields.ts';
import type { Recipe } from '../core/recipe.ts';
import { differentiate } from '../engine/compile/differentiate.ts';
import { Graph } from '../engine/graph/graph.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { add, affine, readPictures } from '../engine/ops/functions.ts';
import { pictureWords } from '../engine/ops/readPictures.ts';
import '../engine/ops/index.ts';
import type { Encoded } from './definition.ts';
import { encoders, find, fusions, objectives } from './registry.ts';

export interface ModelShape {
  batch: number;
  imageSize: number;
  textLength: number;
  vocabulary: number;
  /** Pictures come as bytes that lie on the device, at most so many; else as floats with every step. */
  pictures?: { capacity: number };
}

export interface TrainingGraph {
  graph: Graph;
  loss: Tensor;
  /** `loss`, each term as `loss.<type>`, and the objectives' own numbers. */
  scalars: Map<string, Tensor>;
  probes: Map<string, Tensor>;
  /** By parameter name. */
  gradients: Map<string, Tensor>;
}

function modalityInputs(graph: Graph, modality: string, shape: ModelShape): Record<string, Tensor> {
  const { batch, imageSize, textLength } = shape;
  if (modality === 'image' && shape.pictures) {
    const resident = { resident: true };
    const pixels = [shape.pictures.capacity, pictureWords(imageSize)];
    return {
      images: readPictures(
        graph.input('pixels', pixels, 'i32', resident),
        graph.input('rows', [batch], 'i32'),
        graph.input('views', [batch, 6]),
        graph.input('normalization', [6], 'f32', resident),
        imageSize,
      ),
    };
  }
  if (modality === 'image') return { images: graph.input('images', [batch, imageSize, imageSize, 3]) };
  if (modality === 'text')
    return {
      tokens: graph.input('tokens', [batch, textLength], 'i32'),
      keep: graph.input('keep', [batch, textLength]),
    };
  throw new StudioError('recipe-invalid', {
    path: `encoders.${modality}`,
    message: `modality “${modality}” is not image or text`,
  });
}

function sharedWidth(recipe: Recipe): number {
  return checkFields(find(fusions, recipe.fusion.type, 'fusion').fields, recipe.fusion, 'fusion')[
    'width'
  ] as number;
}

function encode(
  graph: Graph,
  recipe: Recipe,
  modality: string,
  shape: ModelShape,
  width: number,
  probe?: Tensor[],
): Encoded {
  const path = `encoders.${modality}`;
  const part = recipe.encoders[modality];
  if (!part) throw new StudioError('recipe-invalid', { path, message: 'this encoder is missing' });
  const definition = find(encoders, part.type, path);
  if (definition.modality !== modality)
    throw new StudioError('recipe-invalid', {
      path: `${path}.type`,
      message: `“${part.type}” takes ${definition.modality}, not ${modality}`,
    });
  const fields = checkFields(definition.fields, part, path);
  const inputs = modalityInputs(graph, modality, shape);
  return graph.scope(modality, () =>
    definition.build({ graph, inputs, fields, vocabulary: shape.vocabulary, width, probe }),
  );
}

/** The whole model with its loss and every gradient. @throws StudioError `recipe-invalid`, `shape-mismatch` */
export function trainingGraph(recipe: Recipe, shape: ModelShape): TrainingGraph {
  const graph = new Graph();
  const width = sharedWidth(recipe);
  const fusion = find(fusions, recipe.fusion.type, 'fusion');
  const modalities = Object.keys(recipe.encoders);
  if (modalities.length < fusion.arity.least || modalities.length > fusion.arity.most)
    throw new StudioError('recipe-invalid', {
      path: 'encoders',
      message: `${fusion.type} takes ${fusion.arity.least} to ${fusion.arity.most} modalities, found ${modalities.length}`,
    });
  const encoded = Object.fromEntries(
    modalities.map((modality) => [modality, encode(graph, recipe, modality, shape, width)]),
  );
  const fields = checkFields(fusion.fields, recipe.fusion, 'fusion');
  const { embeddings } = graph.scope('fusion', () => fusion.build({ graph, encoded, fields }));
  const groups = {
    image: graph.input('imageGroups', [shape.batch], 'i32'),
    text: graph.input('textGroups', [shape.batch], 'i32'),
  };
  const scalars = new Map<string, Tensor>();
  const probes = new Map<string, Tensor>();
  let loss: Tensor | undefined;
  for (const [index, part] of recipe.objectives.entries()) {
    const path = `objectives.${index}`;
    const definition = find(objectives, part.type, path);
    const values = checkFields(definition.fields, part, path);
    const built = graph.scope(definition.type, () =>
      definition.build({ graph, embeddings, groups, fields: values }),
    );
    const weight = (values['weight'] as number | undefined) ?? 1;
    const term = weight === 1 ? built.loss : affine(built.loss, weight);
    loss = loss ? add(loss, term) : term;
    if (recipe.objectives.length > 1) scalars.set(`loss.${part.type}`, built.loss);
    for (const [name, tensor] of Object.entries(built.scalars)) scalars.set(name, tensor);
    for (const [name, tensor] of Object.entries(built.probes)) probes.set(name, tensor);
  }
  scalars.set('loss', loss!);
  const parameters = [...graph.parameters.values()];
  // With 16-bit floats the loss is scaled where differentiation begins, so that small gradients do not vanish.
  const gradient =
    recipe.training.precision === 'f16' ? graph.input('lossScale', [], 'f32', { resident: true }) : undefined;
  const found = differentiate(
    graph,
    [{ tensor: loss!, gradient }],
    parameters.map(({ tensor }) => tensor),
  );
  const gradients = new Map(
    parameters.flatMap(({ name, tensor }) =>
      found.has(tensor) ? [[name, found.get(tensor)!] as const] : [],
    ),
  );
  return { graph, loss: loss!, scalars, probes, gradients };
}

/** One tower: `embedding`, unit vectors [B, width]; with `attention`, also `attention.<block>` [B, heads, N, N]. */
export function towerGraph(
  recipe: Recipe,
  modality: string,
  shape: ModelShape,
  attention = false,
): { graph: Graph; outputs: Map<string, Tensor> } {
  const graph = new Graph();
  const probe: Tensor[] = [];
  const encoded = encode(graph, recipe, modality, shape, sharedWidth(recipe), attention ? probe : undefined);
  const fusion = find(fusions, recipe.fusion.type, 'fusion');
  const fields = checkFields(fusion.fields, recipe.fusion, 'fusion');
  const { embeddings } = graph.scope('fusion', () =>
    fusion.build({ graph, encoded: { [modality]: encoded }, fields }),
  );
  const outputs = new Map([['embedding', embeddings[modality]]]);
  for (const [index, tensor] of probe.entries()) outputs.set(`attention.${index}`, tensor);
  return { graph, outputs };
}
