/** Rerenders when a version outside React changes, at most `perSecond` times a second. */
import { useEffect, useState } from 'react';

export function useVersion(version: () => unknown, perSecond = 4): unknown {
  const [seen, setSeen] = useState(version);
  useEffect(() => {
    const timer = setInterval(() => setSeen(version()), 1000 / perSecond);
    return () => clearInterval(timer);
  }, [version, perSecond]);
  return seen;
}
