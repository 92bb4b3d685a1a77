/** Files may be dropped anywhere: the page says so while they hover and takes them to Data, or to Export for a model. */
import { useEffect, useState } from 'react';
import { useT } from '../i18n/index.ts';
import { filesOfDrop } from '../screens/data/dropped.ts';
import { startImport } from '../state/importing.ts';
import { goTo } from './navigate.ts';
import { reportError } from './report.tsx';
import css from './shell.module.css';

const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

export function GlobalDrop() {
  const t = useT();
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth++;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent) => {
      if (holdsFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      // A drop target of a screen (Try takes a picture) has taken it already.
      if (event.defaultPrevented || !event.dataTransfer || !holdsFiles(event)) return;
      event.preventDefault();
      goTo('data');
      filesOfDrop(event.dataTransfer).then(startImport).catch(reportError);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', hover);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', hover);
      window.removeEventListener('drop', drop);
    };
  }, []);
  if (!over) return null;
  return (
    <div className={css.drop}>
      <p>{t('data.dropAnywhere')}</p>
    </div>
  );
}
