/** The changes that data/augmentations.ts loads. */
export { alterPicture, drawAlteration } from './alterPicture.ts';
export { alterSound, drawSoundChange } from './alterSound.ts';
export { synonymsIn } from './caption.ts';
export { groupOfSwapped, isTurned, swapsOf } from './mirror.ts';
