/**
 * What a fusion does with one sample, by the probes that its method declares (docs/fusions.md): gates, routing, attention between modalities. Each
 * axis over tokens says whose tokens they are, so that a map can be read.
 */
import { evaluationBatch } from '../../data/batches.ts';
import { type Asked, readAsked } from '../ask.ts';
import { graphInputs } from '../feed.ts';
import { modelShape } from '../shape.ts';
import { namesOfTokens, type TokenNames } from '../tokens.ts';
import { fusionGraph } from './fusionGraph.ts';
import type { Subject } from './look.ts';

/** Neighbouring places of an axis that belong together. Places after the labels are padding. */
export interface AxisPart extends TokenNames {
  /** A modality; `latents`, the method's own vectors; `class`, one that gathers all. */
  of: string;
  from: number;
}

export interface FusionProbe {
  name: string;
  /** Without the batch: of attention heads × queries × keys. */
  shape: number[];
  values: Float32Array;
  /** Whose queries and keys, of attention; whose tokens (`rows`), of routing; which modalities (`columns`), of gates. */
  rows?: AxisPart[];
  columns?: AxisPart[];
}

/** Lengths of an axis by whose tokens stand there, in order. */
type Piece = Omit<AxisPart, 'from'> & { count: number };

/** @throws StudioError `bad-argument` when nothing that the model reads is given */
export async function look({ model }: Subject, asked: Asked): Promise<FusionProbe[]> {
  const { data, pair, absent } = readAsked(model, asked);
  const { executor, recipe, weights } = model;
  const shape = { ...modelShape(recipe, model.data), batch: 2, pictures: undefined, absent };
  const { built, graph, outputs } = fusionGraph(model, shape, /^(attention|gate|routing)\./);
  if (outputs.size === 0) return [];
  const pieces = built.modalities.map((of): Piece => {
    const count = built.encode(of).tokens.shape[1];
    return { of, count, ...namesOfTokens(recipe, data, pair, of, count) };
  });
  const all = Object.keys(recipe.encoders);
  const runner = await executor.runner(graph, outputs, weights);
  try {
    const batch = evaluationBatch(data, Int32Array.of(pair), 2);
    const found = await runner.run(graphInputs(batch));
    return [...outputs].map(([name, tensor]): FusionProbe => {
      const [, ...rest] = tensor.shape;
      const size = rest.reduce((product, extent) => product * extent, 1);
      return {
        name,
        shape: rest,
        values: found[name].slice(0, size),
        ...axesOf(name, rest, pieces, all),
      };
    });
  } finally {
    runner.destroy();
  }
}

const own = (of: string, count: number): Piece => ({
  of,
  count,
  labels: Array.from({ length: count }, (_, index) => String(index + 1)),
});

/** Whose places an axis of each probe has, by its name and length. */
function axesOf(
  name: string,
  shape: readonly number[],
  pieces: readonly Piece[],
  all: readonly string[],
): Pick<FusionProbe, 'rows' | 'columns'> {
  const [kind, what, layer] = name.split('.');
  if (kind === 'gate') {
    const [count] = shape;
    const names = count === all.length ? all : pieces.map(({ of }) => of);
    // A gate per channel of one modality, or a single number, has no axis of modalities.
    return shape.length === 1 && (what === 'modalities' || what === 'reliability' || what === 'open')
      ? { columns: names.map((of, from) => ({ of, from, labels: [of] })) }
      : {};
  }
  if (kind === 'routing') return { rows: placed(pieces) };
  if (kind !== 'attention') return {};
  const [, queries, keys] = shape;
  const only = (of: string) => pieces.filter((piece) => piece.of === of);
  if (what === 'cross' && layer?.includes('-')) {
    const [source, target] = layer.split('-');
    return { rows: placed(only(target)), columns: placed(only(source)) };
  }
  const text = only('text');
  const media = pieces.filter(({ of }) => of !== 'text');
  if (what === 'self') return { rows: grown(queries, text), columns: grown(keys, text) };
  if (what === 'cross') {
    // Words to latents (Flamingo), or learned queries to everything else (Q-Former).
    const toLatents = lengthOf(media) !== keys;
    return toLatents
      ? { rows: placed(text), columns: placed([own('latents', keys)]) }
      : { rows: placed([own('latents', queries)]), columns: placed(media) };
  }
  if (only(what).length > 0) return { rows: placed(only(what)), columns: placed(only(what)) };
  const read = what === 'resampler' ? media : pieces;
  // Latents read tokens and then themselves.
  if (keys === lengthOf(read) + queries)
    return {
      rows: placed([own('latents', queries)]),
      columns: placed([...read, own('latents', queries)]),
    };
  const leading = (count: number) =>
    count === lengthOf(read) + 1 ? [{ ...own('class', 1), labels: ['[CLS]'] }, ...read] : read;
  return {
    rows: placed(queries === 1 ? [{ ...own('class', 1), labels: ['[CLS]'] }] : leading(queries)),
    columns: placed(leading(keys)),
  };
}

const lengthOf = (pieces: readonly Piece[]) => pieces.reduce((sum, { count }) => sum + count, 0);

/** Latents alone, or before the text. */
function grown(count: number, text: readonly Piece[]): AxisPart[] {
  const words = lengthOf(text);
  return count > words && text.length > 0
    ? placed([own('latents', count - words), ...text])
    : placed([own('latents', count)]);
}

function placed(pieces: readonly Piece[]): AxisPart[] {
  let from = 0;
  return pieces.map(({ count, ...part }) => {
    const made = { ...part, from };
    from += count;
    return made;
  });
}
