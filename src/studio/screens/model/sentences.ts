/** Modalities and reasons in the sentences of the Model screen. */
import type { Translate } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import type { Misfit } from './fits.ts';

/** A modality inside a sentence. */
export const inSentence = (t: Translate, modality: string) => modalityName(t, modality).toLowerCase();

export const misfitText = (t: Translate, { key, count, modality, objective }: Misfit) =>
  t(key, {
    ...(count !== undefined && { count }),
    ...(modality && { modality: inSentence(t, modality) }),
    ...(objective && { objective: t.pick(objective.title) }),
  });
