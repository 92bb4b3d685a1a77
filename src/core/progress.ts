/** How long work reports itself, and what it had to leave out. */
import type { ErrorCode, ErrorParams } from './errors.ts';

export interface Progress {
  /** What is going on now: `list`, `decode`, `tokenize`, `save`, `compile`, … (a key of the page's texts). */
  phase: string;
  done: number;
  /** 0 where not known yet. */
  total: number;
  /** Items per second, and seconds left, once they can be estimated. */
  rate?: number;
  secondsLeft?: number;
}
export type OnProgress = (progress: Progress) => void;

/** Something that could not be used, with its place; the rest went on. */
export interface Skipped {
  file: string;
  code: ErrorCode;
  params: ErrorParams;
}
