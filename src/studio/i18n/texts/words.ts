import { addTexts } from '../catalogue.ts';
import type { Texts } from '../texts.ts';

export const words = {
  'words.map': ['Between words and patches', '词与图块之间'],
  'words.similarity': ['similarity in the shared space', '共享空间中的相似度'],
  'words.hint': [
    'Press a word to see its patches, or a patch to see its words.',
    '点击词查看对应图块，点击图块查看对应的词。',
  ],
  'words.ofWord': ['patches of “{word}”', '“{word}”对应的图块'],
  'words.ofPatch': [
    'words of the patch in row {row}, column {column}',
    '第 {row} 行第 {column} 列图块对应的词',
  ],
  'words.turned': ['This map goes the other way; it is read across.', '该注意力方向相反，此处为反向读取。'],
  'words.range': ['from {least} to {most}', '{least} 到 {most}'],
  'words.picture': [
    'Patches of the picture, tinted by the chosen word. Arrow keys choose a patch, Enter shows its words.',
    '按所选词着色的图块。方向键选择图块，回车查看对应的词。',
  ],
  'words.patch': ['row {row}, column {column}: {value}', '第 {row} 行第 {column} 列：{value}'],
} as const satisfies Texts;

addTexts(words);
