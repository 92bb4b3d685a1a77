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

/** Groups in which each word can stand for each other, after “a” too. */
export const synonymLists: Lists = {
  en: [
    ['big', 'large'],
    ['small', 'little', 'tiny'],
    ['picture', 'photo', 'photograph'],
    ['kid', 'child'],
    ['kids', 'children'],
    ['woman', 'lady'],
    ['bike', 'bicycle'],
    ['bikes', 'bicycles'],
    ['couch', 'sofa'],
    ['street', 'road'],
    ['ocean', 'sea'],
    ['phone', 'telephone'],
    ['beautiful', 'lovely'],
    ['beside', 'next to'],
    ['close to', 'near'],
    ['many', 'lots of'],
  ],
  zh: [
    ['图片', '照片', '相片'],
    ['孩子', '小孩'],
    ['男人', '男士'],
    ['女人', '女士'],
    ['汽车', '轿车'],
    ['自行车', '单车'],
    ['街道', '马路'],
    ['森林', '树林'],
    ['石头', '岩石'],
    ['大海', '海洋'],
    ['手机', '移动电话'],
    ['漂亮', '美丽', '好看'],
    ['高兴', '开心', '快乐'],
    ['旁边', '身旁'],
    ['巨大', '庞大'],
    ['微小', '细小'],
  ],
};
