/**
 * What is in a built-in picture: one thing, a pair with a relation, a group of equal things, or two equal things
 * with another one. Places are in units of a picture of side 64. A scene of the validation split contains a pair of
 * colour and shape that training never shows, otherwise it is drawn in the same way.
 */
import type { Random } from '../../core/random.ts';
import { colours, isHeldOut, shapes } from './vocabulary.ts';

export type SizeName = 'small' | 'big';
export type Relation = 'left' | 'right' | 'above' | 'below';

export interface Kind {
  colour: number;
  shape: number;
  size: SizeName;
}

export interface Placed extends Kind {
  x: number;
  y: number;
  radius: number;
}

export type Scene = { objects: Placed[] } & (
  | { kind: 'single'; place: number }
  /** The first object stands in this relation to the second. */
  | { kind: 'pair'; relation: 'left' | 'above' }
  | { kind: 'group' }
  /** Two equal objects, then another one. */
  | { kind: 'mixed' }
);

type Layout = Scene['kind'];

/** Shares of the layouts. Validation leans on pairs: two things tell 128 pictures apart, one thing hardly does. */
const shares: Record<'train' | 'validation', Record<Layout, number>> = {
  train: { single: 0.22, pair: 0.5, group: 0.16, mixed: 0.12 },
  validation: { single: 0.08, pair: 0.7, group: 0.08, mixed: 0.14 },
};

const radii: Record<SizeName, number> = { small: 8.8, big: 13.6 };
const cells = [17, 47];
const thirds = [15, 32, 49];

export function drawScene(stream: Random, split: 'train' | 'validation'): Scene {
  const layout = pickLayout(stream, shares[split]);
  const first = drawKind(stream, split === 'validation');
  const jitter = () => (stream.uniform() - 0.5) * 3;
  const put = (kind: Kind, x: number, y: number): Placed => ({
    ...kind,
    x: x + jitter(),
    y: y + jitter(),
    radius: radii[kind.size] * (0.96 + 0.08 * stream.uniform()),
  });

  if (layout === 'single') {
    const place = stream.integer(9);
    return {
      kind: 'single',
      place,
      objects: [put(first, thirds[place % 3], thirds[Math.floor(place / 3)])],
    };
  }
  if (layout === 'group') {
    const spots = stream.permutation(4).subarray(0, 2 + stream.integer(2));
    return { kind: 'group', objects: [...spots].map((spot) => put(first, ...cell(spot))) };
  }
  let second = drawKind(stream, false);
  while (second.colour === first.colour || second.shape === first.shape) second = drawKind(stream, false);
  if (layout === 'mixed') {
    const [one, two] = stream.uniform() < 0.5 ? [first, second] : [second, first];
    const spots = stream.permutation(4);
    return {
      kind: 'mixed',
      objects: [put(one, ...cell(spots[0])), put(one, ...cell(spots[1])), put(two, ...cell(spots[2]))],
    };
  }
  const relation = stream.uniform() < 0.5 ? 'left' : 'above';
  const [near, far] = stream.uniform() < 0.5 ? [first, second] : [second, first];
  const across = 32 + (stream.uniform() - 0.5) * 12;
  const ends = [16.5, 47.5];
  return {
    kind: 'pair',
    relation,
    objects: [near, far].map((kind, i) =>
      relation === 'left' ? put(kind, ends[i], across) : put(kind, across, ends[i]),
    ),
  };
}

/** Equal for scenes that no caption could tell apart. */
export function sceneKey(scene: Scene): string {
  const kinds = scene.objects.map((o) => `${o.size} ${colours[o.colour].name} ${shapes[o.shape].name}`);
  if (scene.kind === 'single') return `single ${kinds[0]} ${scene.place}`;
  if (scene.kind === 'pair') return `pair ${kinds.join(` ${scene.relation} `)}`;
  if (scene.kind === 'group') return `group ${scene.objects.length} ${kinds[0]}`;
  return `mixed ${kinds[0]} ${kinds[2]}`;
}

function pickLayout(stream: Random, share: Record<Layout, number>): Layout {
  let rest = stream.uniform();
  for (const layout of ['single', 'group', 'mixed'] as const) {
    rest -= share[layout];
    if (rest < 0) return layout;
  }
  return 'pair';
}

function drawKind(stream: Random, heldOut: boolean): Kind {
  for (;;) {
    const colour = stream.integer(colours.length);
    const shape = stream.integer(shapes.length);
    if (isHeldOut(colour, shape) === heldOut)
      return { colour, shape, size: stream.uniform() < 0.5 ? 'small' : 'big' };
  }
}

function cell(spot: number): [number, number] {
  return [cells[spot % 2], cells[Math.floor(spot / 2)]];
}
