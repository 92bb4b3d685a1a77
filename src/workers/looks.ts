/** Every look that the page can ask for, loaded when it is asked for first. A new one is a file in training/look and a line here. */
import type { Looked, Moment, Subject } from '../training/look/look.ts';

/** Finds the model and waits for a turn. */
export type Looking = <R>(
  at: Moment | undefined,
  look: (subject: Subject) => Promise<R>,
) => Promise<Looked<R>>;

export function createLooks(looking: Looking) {
  const look =
    <O, R>(load: () => Promise<{ look: (subject: Subject, options: O) => Promise<R> }>) =>
    async (options: O, at?: Moment): Promise<Looked<R>> => {
      const loaded = await load();
      return looking(at, (subject) => loaded.look(subject, options));
    };
  return {
    attention: look(() => import('../training/look/attention.ts')),
    attribution: look(() => import('../training/look/attribution.ts')),
    fusion: look(() => import('../training/look/fusion.ts')),
    gates: look(() => import('../training/look/gates.ts')),
    similarity: look(() => import('../training/look/similarity.ts')),
    words: look(() => import('../training/look/words.ts')),
  };
}

export type Looks = ReturnType<typeof createLooks>;
