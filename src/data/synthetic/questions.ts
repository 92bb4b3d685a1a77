/**
 * Questions about a scene with their answers. As in CLEVR and VQA v2 (Goyal et al. 2017), what could be answered from the question
 * alone is kept down: of the two yes-or-no questions of a picture one is yes and one no, and what is asked after has the same
 * distribution in both; either-or names the right colour first or second alike.
 */
import type { Random } from '../../core/random.ts';
import type { Scene } from './scene.ts';
import { colours, isHeldOut, shapes } from './vocabulary.ts';

const numbers = ['one', 'two', 'three'];
export const answers = ['yes', 'no', ...colours.map(({ name }) => name), ...numbers];

export interface Question {
  text: string;
  answer: string;
}

const article = (word: string) => (/^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`);
const indices = (list: readonly unknown[]) => Array.from(list.keys());

/** Colour (open or either-or), presence twice, number; in random order. */
export function askAbout(scene: Scene, stream: Random): Question[] {
  const questions = [askColour(scene, stream), ...askPresence(scene, stream), askNumber(scene, stream)];
  return [...stream.permutation(questions.length)].map((i) => questions[i]);
}

function askColour({ objects }: Scene, stream: Random): Question {
  const { colour, shape } = stream.pick(objects);
  const { name, plural } = shapes[shape];
  // Things of one shape have one colour in every scene.
  const several = objects.filter((object) => object.shape === shape).length > 1;
  const thing = several ? `are the ${plural}` : `is the ${name}`;
  const answer = colours[colour].name;
  if (stream.uniform() < 0.5) return { text: `what colour ${thing}?`, answer };
  const other = stream.pick(colours.filter(({ name }) => name !== answer)).name;
  const [first, second] = stream.uniform() < 0.5 ? [answer, other] : [other, answer];
  return { text: `${thing} ${first} or ${second}?`, answer };
}

/** One question to be answered yes and one no. */
function askPresence({ objects }: Scene, stream: Random): Question[] {
  return ['yes', 'no'].map((answer) => {
    const there = stream.pick(objects);
    const missing = <T>(all: readonly T[], has: (item: T) => boolean) =>
      stream.pick(all.filter((item) => !has(item)));
    const way = stream.integer(3);
    if (way === 0) {
      const colour =
        answer === 'yes'
          ? there.colour
          : missing(indices(colours), (c) => objects.some((o) => o.colour === c));
      return { text: `is there anything ${colours[colour].name}?`, answer };
    }
    if (way === 1) {
      const shape =
        answer === 'yes' ? there.shape : missing(indices(shapes), (s) => objects.some((o) => o.shape === s));
      return { text: `is there ${article(shapes[shape].name)}?`, answer };
    }
    const pair = answer === 'yes' ? there : absentPair(objects, stream);
    return { text: `is there ${article(colours[pair.colour].name)} ${shapes[pair.shape].name}?`, answer };
  });
}

/** A pair of colour and shape that is not in the picture but often shares one of the two with something there. */
function absentPair(objects: Scene['objects'], stream: Random): { colour: number; shape: number } {
  for (;;) {
    const near = stream.pick(objects);
    const way = stream.integer(3);
    const colour = way === 0 ? near.colour : stream.integer(colours.length);
    const shape = way === 1 ? near.shape : stream.integer(shapes.length);
    if (isHeldOut(colour, shape)) continue;
    if (!objects.some((object) => object.colour === colour && object.shape === shape))
      return { colour, shape };
  }
}

function askNumber({ objects }: Scene, stream: Random): Question {
  const text = stream.pick(['how many shapes are there?', 'how many things are there?']);
  return { text, answer: numbers[objects.length - 1] };
}
