/** The last list that had anything in it. */
import { useEffect, useState } from 'react';

export function useKept<T>(list: readonly T[] | undefined): readonly T[] {
  const [kept, setKept] = useState<readonly T[]>(list ?? []);
  useEffect(() => {
    if (list && list.length > 0) setKept(list);
  }, [list]);
  return list && list.length > 0 ? list : kept;
}
