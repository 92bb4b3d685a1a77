/**
 * Pictures behind links. Nothing is fetched unless the person has switched it on: it leaves the machine, and each host sees the address that asks.
 * Requests carry no cookies and no referrer, go out at a stated rate, and stop at a stated number; a page may read only what a host allows it to (CORS).
 */
import { StudioError } from '../../core/errors.ts';
import type { SourceFile } from './tree.ts';

/** Of one picture. */
const most = { bytes: 64 * 2 ** 20, milliseconds: 30_000 };

export interface Allowance {
  /** Pictures. */
  count: number;
  perSecond: number;
}

/**
 * Links as files, fetched when they are read.
 * @returns the file of a link; undefined once as many are given out as are allowed. Equal links are one file.
 */
export function remoteFiles({ count, perSecond }: Allowance): (link: string) => SourceFile | undefined {
  const given = new Map<string, SourceFile>();
  const wait = spacing(perSecond);
  return (link) => {
    const known = given.get(link);
    if (known || given.size >= count) return known;
    const file: SourceFile = {
      path: link,
      size: 0,
      async read() {
        const milliseconds = wait(performance.now());
        if (milliseconds > 0) await new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
        return fetchBytes(link);
      },
    };
    given.set(link, file);
    return file;
  };
}

/** Milliseconds that a request asked for at `now` has to wait, so that they go out evenly and no faster than stated. */
export function spacing(perSecond: number): (now: number) => number {
  let next = 0;
  return (now) => {
    const at = Math.max(now, next);
    next = at + 1000 / perSecond;
    return at - now;
  };
}

async function fetchBytes(link: string): Promise<Uint8Array> {
  const failed = (message: string, cause?: unknown) =>
    new StudioError('fetch-failed', { file: link, message }, { cause });
  try {
    const response = await fetch(link, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(most.milliseconds),
    });
    if (!response.ok) throw failed(`the server answered ${response.status}`);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body ?? []) {
      size += part.length;
      if (size > most.bytes) throw failed('it is larger than 64 MB');
      parts.push(part);
    }
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    if (cause instanceof DOMException && cause.name === 'TimeoutError')
      throw failed('the server did not answer within 30 seconds', cause);
    throw failed('the server cannot be reached, or does not let web pages read its files', cause);
  }
}
