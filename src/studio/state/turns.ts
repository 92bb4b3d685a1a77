/** Work that is asked for while other work is under way, and waits for it instead of being dropped. */

/** @returns does what it is given when everything given before is over, failed or not */
export function turns(): <T>(act: () => T | Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const next = last.then(act);
    last = next.catch(() => undefined);
    return next;
  };
}
