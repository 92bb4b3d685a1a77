/**
 * Reads trouble from gradients and ratios, in plain terms: a modality that hardly learns beside another one, or
 * hardly at all. It must last for twenty steps; single steps mean nothing.
 */
export interface Warning {
  kind: 'dominance' | 'vanishing';
  measure: 'grad' | 'ratio';
  modality: string;
  /** The modality that it falls behind. */
  other?: string;
}

const LASTING = 20;
const SHARE = 1 / 20;
/** Below these nothing visible is learnt in a run of thousands of steps. */
const VANISHED = { grad: 1e-6, ratio: 1e-7 };

/** @param values per modality, one value per step, the last ones last */
export function warningsOf(measure: 'grad' | 'ratio', values: Record<string, ArrayLike<number>>): Warning[] {
  const found: Warning[] = [];
  const lasting = (test: (back: number) => boolean) => {
    for (let back = 1; back <= LASTING; back++) if (!test(back)) return false;
    return true;
  };
  const at = (modality: string, back: number) => values[modality][values[modality].length - back];
  const modalities = Object.keys(values).filter((modality) => values[modality].length >= LASTING);
  for (const modality of modalities) {
    if (lasting((back) => at(modality, back) < VANISHED[measure])) {
      found.push({ kind: 'vanishing', measure, modality });
      continue;
    }
    const other = modalities.find(
      (one) => one !== modality && lasting((back) => at(modality, back) < SHARE * at(one, back)),
    );
    if (other) found.push({ kind: 'dominance', measure, modality, other });
  }
  return found;
}
