import { expect, test } from 'vitest';
import { random } from '../../core/random.ts';
import { askAbout } from './questions.ts';
import { drawScene } from './scene.ts';
import { shapesQa } from './shapesQa.ts';
import { counts, samplesOf } from './testing/measure.ts';
import { colours, shapes } from './vocabulary.ts';

test('every answer is true of the scene', () => {
  const stream = random(5, 'questions');
  const forms = new Set<string>();
  for (let k = 0; k < 1000; k++) {
    const scene = drawScene(stream, 'train');
    const things = scene.objects.map(({ colour, shape }) => [colours[colour].name, shapes[shape].name]);
    const questions = askAbout(scene, stream);
    expect(new Set(questions.map(({ text }) => text)).size).toBe(4);
    for (const { text, answer } of questions) {
      const words = text.slice(0, -1).split(' ');
      const colour = words.find((word) => colours.some(({ name }) => name === word));
      const shape = shapes.find(({ name, plural }) => words.includes(name) || words.includes(plural))?.name;
      forms.add(
        text
          .replace(/ (an?|are|is) /g, ' ')
          .split(' ')
          .slice(0, 2)
          .join(' '),
      );
      if (text.startsWith('how many')) expect(answer).toBe(['one', 'two', 'three'][things.length - 1]);
      else if (text.startsWith('is there'))
        expect(answer).toBe(
          things.some(([c, s]) => (!colour || c === colour) && (!shape || s === shape)) ? 'yes' : 'no',
        );
      else {
        const found = new Set(things.filter(([, s]) => s === shape).map(([c]) => c));
        expect([...found]).toEqual([answer]);
        if (text.includes(' or ')) expect(words).toContain(answer);
        else expect(text).toMatch(/^what colour (is the|are the) /);
      }
    }
  }
  expect(forms.size).toBeGreaterThan(3);
});

test('the question alone is right in about half; yes and no are equally frequent', async () => {
  const set = await shapesQa.make({ count: 3000, size: 16 });
  const { classes, values } = set.target!;
  const pairs = set.captions.flatMap((captions, sample) => captions.map((text) => ({ text, sample })));
  expect(pairs).toHaveLength(12_000);
  const answered = pairs.map((pair, i) => ({ ...pair, answer: classes[values[i]] }));
  const known = new Map<string, string[]>();
  for (const { text, sample, answer } of answered)
    if (set.stated[sample] === 'train') known.set(text, [...(known.get(text) ?? []), answer]);
  const guess = (text: string) =>
    Object.entries(counts(known.get(text) ?? ['yes'])).sort(([, a], [, b]) => b - a)[0][0];
  const held = answered.filter(({ sample }) => set.stated[sample] === 'validation');
  expect(held).toHaveLength(4 * samplesOf(set, 'validation').length);
  const right = held.filter(({ text, answer }) => guess(text) === answer).length / held.length;
  expect(right).toBeGreaterThan(0.38);
  expect(right).toBeLessThan(0.52);
  const tally = counts(values);
  expect(tally[0]).toBe(tally[1]);
  // Not only in all: for each thing asked after.
  for (const { name } of [...colours, ...shapes]) {
    const about = answered.filter(({ text }) => text.startsWith('is there') && text.includes(name));
    const yes = about.filter(({ answer }) => answer === 'yes').length;
    expect(Math.abs(yes / about.length - 0.5)).toBeLessThan(0.08);
  }
});
