/** Lists of words to begin with, for augmentation (core/augment.ts): sides that a mirrored picture swaps, and words of plain captions that mean the same. */

type Lists = Record<'en' | 'zh', [string, ...string[]][]>;

/** Pairs. */
export const sideWords: Lists = {
  en: [
    ['left', 'right'],
    ['leftmost', 'rightmost'],
    ['leftward', 'rightward'],
    ['leftwards', 'rightwards'],
  ],
  zh: [['左', '右']],
};

/** Groups in which each word can stand for each other, after “a” too, and of which no Chinese word is part of one that means something else. */
export const synonymLists: Lists = {
  en: [
    ['big', 'large'],
    ['small', 'tiny'],
    ['picture', 'photo', 'photograph'],
    ['kid', 'child'],
    ['kids', 'children'],
    ['woman', 'lady'],
    ['bike', 'bicycle'],
    ['bikes', 'bicycles'],
    ['couch', 'sofa'],
    ['street', 'road'],
    ['phone', 'telephone'],
    ['beautiful', 'lovely'],
    ['beside', 'next to'],
    ['close to', 'near'],
  ],
  zh: [
    ['图片', '照片', '相片'],
    ['男人', '男士'],
    ['女人', '女士'],
    ['街道', '马路'],
    ['森林', '树林'],
    ['手机', '移动电话'],
    ['漂亮', '美丽', '好看'],
    ['旁边', '边上'],
    ['巨大', '庞大'],
    ['微小', '细小'],
  ],
};
