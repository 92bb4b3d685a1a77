/** The answer to a question that is asked again when its key changes; the last answer stays until the next comes. */
import { useEffect, useRef, useState } from 'react';
import { reportError } from '../../app/report.tsx';

export function useAsync<T>(key: string | undefined, ask: () => Promise<T>): { value?: T; loading: boolean } {
  const [value, setValue] = useState<T>();
  const [loading, setLoading] = useState(false);
  const question = useRef(ask);
  useEffect(() => {
    question.current = ask;
  });
  useEffect(() => {
    if (key === undefined) return;
    let current = true;
    setLoading(true);
    question
      .current()
      .then(
        (answer) => current && setValue(answer),
        (error) => {
          if (current) reportError(error);
        },
      )
      .finally(() => current && setLoading(false));
    return () => {
      current = false;
    };
  }, [key]);
  return { value, loading };
}
