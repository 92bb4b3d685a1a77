/** The model drawn from its graph: blocks are the scopes nodes were made in, edges the tensors that cross from one to another. */
import type { Recipe } from '../core/recipe.ts';
import type { Node, Tensor } from '../engine/graph/tensor.ts';
import type { TrainingGraph } from './build.ts';

export interface Diagram {
  blocks: {
    /** Path in the graph, `image.blocks.0`. */
    id: string;
    parent?: string;
    /** `input`, `encoder`, `block`, `layer`, `fusion`, `objective`. */
    kind: string;
    /** `image`, `text`, `fused`. */
    modality?: string;
    label: string;
    /** Parameters inside, children included. */
    parameters: number;
    /** Shape that leaves the block, with B for the batch: `B × 17 × 64`. */
    output: string;
  }[];
  edges: { from: string; to: string; shape: string }[];
}

/** Blocks are shown as deep as this; what is inside belongs to them. */
const depthOf = (path: string[]): number => (path[1] === 'blocks' ? 4 : 2);

export function diagramOf(recipe: Recipe, model: TrainingGraph): Diagram {
  const modalities = Object.keys(recipe.encoders);
  const batch = recipe.training.batch;
  const shapeText = ({ shape }: Tensor) =>
    shape.length === 0
      ? '1'
      : shape.map((extent, axis) => (axis === 0 && extent === batch ? 'B' : String(extent))).join(' × ');
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
  const forward = model.graph.needed([model.loss]).filter((node) => node.op !== 'constant');

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
    if (!modalities.includes(path[0])) return 'objective';
    return path[1] === 'blocks'
      ? path.length === 3
        ? 'block'
        : 'layer'
      : path.length === 1
        ? 'encoder'
        : 'layer';
  };
  const modalityOf = (path: string[], id: string): string => {
    if (path[0] === 'input') {
      const target = [...edges.values()].find((edge) => edge.from === id)?.to.split('.')[0] ?? '';
      return modalities.includes(target) ? target : 'fused';
    }
    if (path[0] === 'fusion' && modalities.includes(path[1])) return path[1];
    return modalities.includes(path[0]) ? path[0] : 'fused';
  };

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
    const inside = new Set(nodes);
    const leaving = nodes.findLast(
      (node) =>
        node.op !== 'parameter' &&
        forward.some((other) => !inside.has(other) && other.inputs.some((input) => input.node === node)),
    );
    const output = (leaving ?? nodes.findLast((node) => node.op !== 'parameter'))?.outputs[0];
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
      modality: modalityOf(path, id),
      label: path[1] === 'blocks' && path.length === 3 ? `block ${path[2]}` : path.at(-1)!,
      parameters: parametersIn(id),
      output: output ? shapeText(output) : '',
    };
  });
  return { blocks, edges: [...edges.values()] };
}
