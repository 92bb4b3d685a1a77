/**
 * Captions of the built-in pictures: several ways to say the same scene in plain English. Every caption names what
 * tells the picture apart (colours, shapes, sizes, number, relation or place), because a caption that fits many
 * pictures would make right answers count as wrong.
 */
import type { Random } from '../../core/random.ts';
import type { Kind, Relation, Scene } from './scene.ts';
import { colours, shapes } from './vocabulary.ts';

const places = [
  'in the top left corner',
  'at the top',
  'in the top right corner',
  'on the left side',
  'in the middle',
  'on the right side',
  'in the bottom left corner',
  'at the bottom',
  'in the bottom right corner',
];

const numbers = ['no', 'one', 'two', 'three'];
const relations: Record<Relation, string[]> = {
  left: ['left of', 'to the left of'],
  right: ['right of', 'to the right of'],
  above: ['above', 'over'],
  below: ['below', 'under'],
};
const opposite: Record<Relation, Relation> = { left: 'right', right: 'left', above: 'below', below: 'above' };

/** One thing with its article: “a small red circle”. */
function one(kind: Kind): string {
  return `a ${kind.size} ${colours[kind.colour].name} ${shapes[kind.shape].name}`;
}

function many(count: number, kind: Kind): string {
  return `${numbers[count]} ${kind.size} ${colours[kind.colour].name} ${shapes[kind.shape].plural}`;
}

/** One way to say what is in the scene. */
export function captionOf(scene: Scene, stream: Random): string {
  const [first, second, third] = scene.objects;
  if (scene.kind === 'single') {
    const place = places[scene.place];
    return stream.pick([
      `${one(first)} ${place}`,
      `there is ${one(first)} ${place}`,
      `${place} there is ${one(first)}`,
    ]);
  }
  if (scene.kind === 'group') {
    const group = many(scene.objects.length, first);
    return stream.pick([group, `there are ${group}`, `a picture of ${group}`]);
  }
  if (scene.kind === 'mixed') {
    return stream.pick([
      `${many(2, first)} and ${one(third)}`,
      `${one(third)} and ${many(2, first)}`,
      `there are ${many(2, first)} and ${one(third)}`,
      `${one(third)} with ${many(2, first)}`,
    ]);
  }
  const swapped = stream.uniform() < 0.5;
  const [subject, object] = swapped ? [second, first] : [first, second];
  const words = stream.pick(relations[swapped ? opposite[scene.relation] : scene.relation]);
  return stream.pick([
    `${one(subject)} ${words} ${one(object)}`,
    `${one(subject)} is ${words} ${one(object)}`,
    `there is ${one(subject)} ${words} ${one(object)}`,
    `${words} ${one(object)} there is ${one(subject)}`,
  ]);
}
