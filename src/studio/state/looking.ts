/**
 * What was seen by the looks of one panel, outside React: the last answers by what was asked, so that a moment that was seen once is there at once; and
 * what is under way. Nothing is asked while nobody watches.
 */
import { asStudioError, type StudioError } from '../../core/errors.ts';
import type { Looked } from '../../workers/api.ts';

export interface Answer<R> extends Looked<R> {
  /** When it came, of `performance.now()`. */
  at: number;
}

interface Place<R> {
  answer?: Answer<R>;
  error?: StudioError;
  pending: boolean;
}

const most = 40;

export class Looking<R> {
  /** Changes with every answer. */
  version = 0;
  private readonly places = new Map<string, Place<R>>();
  private readonly latest = new Map<string, Answer<R>>();

  place(key: string): Readonly<Place<R>> | undefined {
    return this.places.get(key);
  }

  /** The answer, or the last one of `group` until it comes. */
  shown(key: string, group: string): Answer<R> | undefined {
    return this.places.get(key)?.answer ?? this.latest.get(group);
  }

  /** Asks, unless the same is being asked. */
  async ask(key: string, group: string, question: () => Promise<Looked<R>>): Promise<void> {
    const place = this.places.get(key) ?? { pending: false };
    if (place.pending) return;
    this.places.delete(key);
    this.places.set(key, place);
    for (const oldest of this.places.keys()) {
      if (this.places.size <= most) break;
      this.places.delete(oldest);
    }
    place.pending = true;
    this.version++;
    try {
      place.answer = { ...(await question()), at: performance.now() };
      place.error = undefined;
      this.latest.set(group, place.answer);
    } catch (error) {
      place.error = asStudioError(error);
    }
    place.pending = false;
    this.version++;
  }
}
