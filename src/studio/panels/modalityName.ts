/** The name of a modality in the language in force; an unknown one keeps its own. */
import type { TextKey, Translate } from '../i18n/index.ts';

const names: Record<string, TextKey> = {
  image: 'modality.image',
  text: 'modality.text',
  audio: 'modality.audio',
  video: 'modality.video',
  table: 'modality.table',
  fusion: 'modality.fused',
  heads: 'modality.heads',
  latents: 'modality.latents',
  class: 'modality.class',
  other: 'modality.other',
};

export const modalityName = (t: Translate, modality: string) =>
  names[modality] ? t(names[modality]) : modality;
