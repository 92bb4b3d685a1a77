import { expect, test } from 'vitest';
import { planImport, previewImport } from '../import.ts';
import { openPath } from '../sources/folder.node.ts';
import { bmp, treeOf } from '../testing/memory.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { easyVqa } from './easy.vqa.ts';

test('questions hang on their picture with their answers; what cannot be used has its place', async () => {
  const questions = [
    ['what shape?', 'circle', 1],
    ['is it red?', 'no', 1],
    ['what shape?', 'square', 2],
    ['what shape?', 'circle', 1],
    ['lost?', 'yes', 9],
    ['broken'],
  ];
  const picture = bmp(1, 1, [0, 0, 0]);
  const tree = treeOf({
    'train/questions.json': JSON.stringify(questions),
    'train/images/1.jpg': picture,
    'train/images/2.jpg': picture,
    'test/questions.json': JSON.stringify([['is it red?', 'yes', 1]]),
    'test/images/1.jpg': picture,
    'answers.txt': 'yes\nno\ncircle\nsquare\nnever\n',
  });
  const [{ reader, options }] = await planImport(tree);
  expect(reader).toBe('easy-vqa');
  const { samples, skipped, target } = await easyVqa.read(tree, options);
  expect(target).toEqual({
    name: 'answer',
    kind: 'class',
    classes: ['yes', 'no', 'circle', 'square', 'never'],
  });
  expect(samples).toMatchObject([
    { file: 'train/images/1.jpg', captions: ['what shape?', 'is it red?'], targets: [2, 1], split: 'train' },
    { file: 'train/images/2.jpg', captions: ['what shape?'], targets: [3], split: 'train' },
    { file: 'test/images/1.jpg', captions: ['is it red?'], targets: [0], split: 'test' },
  ]);
  expect(skipped.map(({ file, code }) => [file, code])).toEqual([
    ['train/questions.json[3]', 'row-malformed'],
    ['9.png', 'file-missing'],
    ['train/questions.json[5]', 'row-malformed'],
  ]);
});

describeShared('easy-VQA', () => {
  test('4,000 pictures, 38,575 questions, 13 answers', async () => {
    const tree = await openPath(sharedData('easy-vqa/easy-vqa-train.zip'));
    const [{ reader, options }] = await planImport(tree);
    expect(reader).toBe('easy-vqa');
    const preview = await previewImport(tree, reader, options, 1);
    expect(preview).toMatchObject({
      images: 4000,
      pairs: 38_575,
      having: { image: 4000, text: 4000 },
      target: { name: 'answer', classes: 13 },
      skipped: [],
    });
    expect(preview.rows[0].captions[0]).toBe('what is the blue shape?');
    expect(preview.rows[0].targets![0]).toBe('rectangle');
  });
});
