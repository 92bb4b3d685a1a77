/**
 * Visual question answering in the small: four questions about each picture of shapes, as its captions, and the answer to each as
 * the target. Scenes are those of the training split of the built-in shapes, so every pair of colour and shape that is asked after
 * also occurs. Both splits are drawn alike.
 */
import { defineBuiltIn } from './builtIn.ts';
import { countField, fifth, seedField, sizeField } from './fields.ts';
import { paintScene } from './paint.ts';
import { answers, askAbout } from './questions.ts';
import { drawScene } from './scene.ts';
import { dealFifth } from './splits.ts';

export const shapesQa = defineBuiltIn({
  name: 'shapes-qa',
  title: { en: 'Questions about shapes', zh: '形状问答' },
  summary: {
    en: 'Four questions about each drawn picture, with answers: colours, presence, number. The question alone is right in about half.',
    zh: '每张图片配四个问题与答案：颜色、有无、数量。只看问题大约能答对一半。',
  },
  modalities: ['image', 'text'],
  fields: [countField(2000, fifth), sizeField(32), seedField],
  async draw({ options: { count, size }, stream, each }) {
    const { stated } = dealFifth(count, stream);
    const pixels = new Uint8Array(count * size * size * 3);
    const captions: string[][] = [];
    const values: number[] = [];
    await each(count, (i) => {
      const scene = drawScene(stream, 'train');
      paintScene(scene, pixels, i * size * size * 3, size, stream);
      const questions = askAbout(scene, stream);
      captions.push(questions.map(({ text }) => text));
      values.push(...questions.map(({ answer }) => answers.indexOf(answer)));
    });
    return {
      size,
      pixels,
      captions,
      target: { name: 'answer', kind: 'class', classes: answers, values: Float32Array.from(values) },
      stated,
    };
  },
});
