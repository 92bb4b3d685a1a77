/** Every look that the page can ask for, loaded when it is asked for first. A new one is a file in training/look and a line here. */
import type { Looked, Moment, Subject } from '../training/look/look.ts';

/** Finds the model and waits for a turn. */
export type Looking = <R>(
  at: Moment | undefined,
  look: (subject: Subject) => Promise<R>,
  /** Looks of one kind need what was compiled for the first of them. */
  kind: string,
) => Promise<Looked<R>>;

export function createLooks(looking: Looking) {
  const look =
    <O, R>(name: string, load: () => Promise<{ look: (subject: Subject, options: O) => Promise<R> }>) =>
    async (options: O, at?: Moment): Promise<Looked<R>> => {
      const loaded = await load();
      const kind = JSON.stringify([name, options ?? null, at ?? null]);
      return looking(at, (subject) => loaded.look(subject, options), kind);
    };
  return {
    attention: look('attention', () => import('../training/look/attention.ts')),
    attribution: look('attribution', () => import('../training/look/attribution.ts')),
    blocks: look('blocks', () => import('../training/look/blocks.ts')),
    embedding: look('embedding', () => import('../training/look/embedding.ts')),
    fusion: look('fusion', () => import('../training/look/fusion.ts')),
    gates: look('gates', () => import('../training/look/gates.ts')),
    histogram: look('histogram', () => import('../training/look/histogram.ts')),
    samples: look('samples', () => import('../training/look/samples.ts')),
    similarity: look('similarity', () => import('../training/look/similarity.ts')),
    words: look('words', () => import('../training/look/words.ts')),
  };
}

export type Looks = ReturnType<typeof createLooks>;
