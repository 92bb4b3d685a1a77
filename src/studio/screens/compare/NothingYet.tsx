/** What stands where there is no data or recipe to try anything with. */
import { IconScale } from '@tabler/icons-react';
import { goTo } from '../../app/navigate.ts';
import { Empty } from '../../components/Empty.tsx';
import { useT } from '../../i18n/index.ts';

export function NothingYet({ body }: { body: string }) {
  const t = useT();
  return (
    <div className="card">
      <Empty
        icon={<IconScale size={36} stroke={1.4} />}
        title={t('compare.emptyTitle')}
        body={body}
        action={{ label: t('train.toData'), run: () => goTo('data'), primary: true }}
      />
    </div>
  );
}
