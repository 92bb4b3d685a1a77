/** What a caption of the built-in shapes says: its things with number, size, colour and shape, whatever the words around them. */
import { colours, shapes } from './vocabulary.ts';

const numbers: Record<string, number> = { a: 1, an: 1, one: 1, two: 2, three: 3 };
const colourNames = colours.map(({ name }) => name);
const shapeNames = new Map(
  shapes.flatMap(({ name, plural }) => [[name, name] as const, [plural, name] as const]),
);

/**
 * Sorted, `2 small red circle`; undefined where the caption is not one of the built-in kind.
 */
export function attributesOf(caption: string): string[] | undefined {
  const thing = new RegExp(
    `\\b(a|an|one|two|three) (small|big) (${colourNames.join('|')}) (${[...shapeNames.keys()].join('|')})\\b`,
    'g',
  );
  const found = [...caption.toLowerCase().matchAll(thing)].map(
    ([, count, size, colour, shape]) => `${numbers[count]} ${size} ${colour} ${shapeNames.get(shape)}`,
  );
  return found.length > 0 ? found.sort() : undefined;
}
