/** The model drawn from its graph: blocks are the scopes nodes were made in, edges the tensors that cross from one to another. */
import type { Recipe } from '../core/recipe.ts';
import type { Node, Tensor } from '../engine/graph/tensor.ts';
import type { TrainingGraph } from './build.ts';
import { leavingOf } from './leaving.ts';

export interface Diagram {
  blocks: {
    /** Path in the graph, `image.blocks.0`. */
    id: string;
    parent?: string;
    /** `input`, `encoder`, `block`, `layer`, `fusion`, `objective`, `teacher` (the frozen model of an earlier run). */
    kind: string;
    /** `image`, `text`, `audio`, `table`, `fused`. */
    modality?: string;
    label: string;
    /** Parameters inside, children included. */
    parameters: number;
    /** Shape that leaves the block, with B for the batch: `B × 17 × 64`; empty where only its parameters are known. */
    output: string;
  }[];
  edges: { from: string; to: string; shape: string }[];
}

/** What the data gives, by the input's name. Masks, targets and what objectives draw are no part of the picture. */
const dataInputs: Record<string, string> = {
  images: 'image',
  tokens: 'text',
  sound: 'audio',
  cells: 'table',
};

/** Blocks are shown as deep as this; what is inside belongs to them. */
const depthOf = (path: string[]): number => (path[1] === 'blocks' ? 4 : 2);

export function diagramOf(recipe: Recipe, model: TrainingGraph): Diagram {
  const modalities = Object.keys(recipe.encoders);
  const batch = recipe.training.batch;
  const extentText = (extent: number, axis: number) => {
    if (axis > 0 || extent % batch !== 0) return String(extent);
    return extent === batch ? 'B' : `${extent / batch}B`;
  };
  const shapeText = ({ shape }: Tensor) => shape.map(extentText).join(' × ') || '1';
  const blockOf = (node: Node): string => {
    if (node.op === 'input') return `input.${String(node.attributes['name'])}`;
    const path = node.path.split('.');
    return (
      path
        .slice(0, depthOf(path))
        .filter((part) => part !== 'blocks' || path.length > 2)
        .join('.') || 'model'
    );
  };
  const shown = (node: Node) =>
    node.op !== 'constant' &&
    (node.op !== 'input' || dataInputs[String(node.attributes['name'])] !== undefined) &&
    // The sum of all terms belongs to no block.
    (node.op === 'input' || node.op === 'parameter' || node.path !== '');
  const forward = model.graph.needed([model.loss]).filter(shown);

  const members = new Map<string, Node[]>();
  for (const node of forward) {
    // A parameter belongs to the block that reads it; its name says which.
    const block =
      node.op === 'parameter'
        ? blockOf({ ...node, path: String(node.attributes['name']).split('.').slice(0, -1).join('.') })
        : blockOf(node);
    members.set(block, [...(members.get(block) ?? []), node]);
  }
  const owner = new Map<Node, string>();
  for (const [block, nodes] of members) for (const node of nodes) owner.set(node, block);

  const edges = new Map<string, Diagram['edges'][number]>();
  for (const node of forward)
    for (const input of node.inputs) {
      const from = owner.get(input.node);
      const to = owner.get(node);
      if (from && to && from !== to && input.node.op !== 'parameter')
        edges.set(`${from} ${to}`, { from, to, shape: shapeText(input) });
    }

  const parametersIn = (block: string) =>
    [...model.graph.parameters.values()].reduce(
      (total, { name, tensor }) =>
        total +
        (name === block || name.startsWith(`${block}.`) ? tensor.shape.reduce((a, b) => a * b, 1) : 0),
      0,
    );
  const kindOf = (path: string[]): string => {
    if (path[0] === 'input') return 'input';
    if (path[0] === 'fusion') return 'fusion';
    if (!modalities.includes(path[0])) return path[1] === 'teacher' ? 'teacher' : 'objective';
    return path[1] === 'blocks'
      ? path.length === 3
        ? 'block'
        : 'layer'
      : path.length === 1
        ? 'encoder'
        : 'layer';
  };
  const modalityOf = (path: string[]): string => {
    if (path[0] === 'input') return dataInputs[path[1]] ?? 'fused';
    if (path[0] === 'fusion' && modalities.includes(path[1])) return path[1];
    return modalities.includes(path[0]) ? path[0] : 'fused';
  };

  const labelOf = (path: string[]): string => {
    if (path[1] === 'blocks' && path.length === 3) return `block ${path[2]}`;
    // What a modality passes on its way into the fusion stands in its own lane.
    return path[0] === 'fusion' && modalities.includes(path[1]) ? 'fusion' : path[path.length - 1];
  };
  const outputOf = leavingOf(forward.filter((node) => node.op !== 'parameter'));

  const ids = new Set<string>();
  for (const id of members.keys()) {
    const path = id.split('.');
    if (path[1] === 'blocks' && path.length > 3) ids.add(path.slice(0, 3).join('.'));
    if (path[0] !== 'input' && path.length > 1) ids.add(path[0]);
    ids.add(id);
  }
  const blocks = [...ids].map((id): Diagram['blocks'][number] => {
    const path = id.split('.');
    const nodes = [...members]
      .filter(([block]) => block === id || block.startsWith(`${id}.`))
      .flatMap(([, list]) => list);
    const output = outputOf(nodes)?.outputs[0];
    const above =
      path[1] === 'blocks' && path.length > 3
        ? path.slice(0, 3).join('.')
        : path[0] !== 'input' && path.length > 1
          ? path[0]
          : undefined;
    return {
      id,
      parent: above === id ? undefined : above,
      kind: kindOf(path),
      modality: modalityOf(path),
      label: labelOf(path),
      parameters: parametersIn(id),
      output: output ? shapeText(output) : '',
    };
  });
  return { blocks, edges: [...edges.values()] };
}
